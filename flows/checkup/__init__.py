"""What `heardback doctor` looks at, one part of an installation per module; nothing is ever written."""
