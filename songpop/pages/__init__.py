"""What every page is made of: a document that loads nothing, its tables, its drawings."""
