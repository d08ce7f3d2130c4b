"""The page in a browser. The fixture `page` also holds each test to: no error, no dialog, no request to others."""
