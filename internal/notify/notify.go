// Package notify tells people of what is new: saved searches as feeds, by mail
// and to webhooks.
package notify
