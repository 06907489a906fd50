"""From BPMN files to graphs of nodes."""
