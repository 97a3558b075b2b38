"""What a record is: kinds, fields, drafts, identity, and the document made of them. Pure."""
