"""Administrative divisions (行政区划): townships and villages by code, and how a division is changed."""
