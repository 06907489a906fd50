"""Shuangyou (双优工作室管理平台): a province's review programme, driven by BPMN models."""
