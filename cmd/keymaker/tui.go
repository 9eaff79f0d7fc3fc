package main

import (
	"context"
	"errors"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/tui"
)

// runTUI opens the terminal UI, or reads sentences line by line where there is no screen for it.
func runTUI(ctx context.Context, a *app, dry dryOptions) (err error) {
	if a.json || !a.streams.Interactive() {
		return refusal.New(refusal.Usage, "the terminal UI needs a terminal").WithHint("use: keymaker run \"…\", or keymaker --help")
	}
	k, err := a.open(modelOptions{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	if err := dry.stand(ctx, k); err != nil {
		return err
	}
	n, err := k.Network()
	if err != nil {
		return err
	}
	if a.plain || k.Plain() || !a.streams.Screen() {
		return k.talk(ctx, dry)
	}
	session, err := k.Session("tui", mode(dry.run))
	if err != nil {
		return err
	}
	if !dry.run {
		if err := k.resume(ctx, k.plainFront()); err != nil {
			a.report(err) // it stays open, and the screen can say so in history
		}
	}
	return tui.Run(ctx, tui.Options{
		Runner: session, Network: n, Account: k.Account(), Names: k.names(), Streams: a.streams, Version: buildVersion(),
		DryRun: dry.run,
	})
}

// talk is the conversation on a plain terminal: one request a line, until the input ends.
func (k *opened) talk(ctx context.Context, dry dryOptions) error {
	front := k.plainFront()
	session, err := k.Session("plain", mode(dry.run))
	if err != nil {
		return err
	}
	if !dry.run {
		if err := k.settle(ctx, front); err != nil {
			return err
		}
	}
	_, err = k.app.eachLine(ctx, "keymaker> ", session, front)
	return shown(err)
}
