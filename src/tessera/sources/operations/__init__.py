"""Official lists of operations and beneficiaries, of any country."""
