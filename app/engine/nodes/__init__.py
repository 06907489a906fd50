"""What each kind of BPMN element does when a token comes to it: our subclasses of the library's task specs."""
