package main

func noticeText() string { return "" }
