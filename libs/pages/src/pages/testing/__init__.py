"""What tests of pages share: a real browser, the gallery of all macros."""
