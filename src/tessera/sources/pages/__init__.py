"""News and events of web sites that run on WordPress or Drupal, by their interfaces."""
