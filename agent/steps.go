package agent

import "github.com/keymaker-agent/keymaker/internal/fsm"

// StepState is a step's place in its life.
type StepState string

// The states of a step.
const (
	StepProposed  StepState = "proposed" // planned and checked
	StepQuoted    StepState = "quoted"
	StepSimulated StepState = "simulated"
	StepApproved  StepState = "approved"
	StepSigned    StepState = "signed"
	StepBroadcast StepState = "broadcast"
	StepConfirmed StepState = "confirmed"
	StepFailed    StepState = "failed"
	StepExpired   StepState = "expired"
	StepDeclined  StepState = "declined"
)

// StepEvent moves a step from one state to the next.
type StepEvent string

// The events of a step.
const (
	StepQuote    StepEvent = "quote"
	StepSimulate StepEvent = "simulate"
	StepApprove  StepEvent = "approve"
	StepSign     StepEvent = "sign"
	StepSend     StepEvent = "send"
	StepConfirm  StepEvent = "confirm" // the receipts, the dry run's new state, or the answer of a read
	StepFail     StepEvent = "fail"    // a refusal
	StepExpire   StepEvent = "expire"
	StepDecline  StepEvent = "decline"
)

// Steps is the life of a step: a trade is quoted, a transfer is not; a read or a dry run ends without a signature.
var Steps = fsm.Table[StepState, StepEvent]{
	{From: StepProposed, On: StepQuote}:     StepQuoted,
	{From: StepProposed, On: StepSimulate}:  StepSimulated,
	{From: StepProposed, On: StepConfirm}:   StepConfirmed,
	{From: StepProposed, On: StepFail}:      StepFailed,
	{From: StepQuoted, On: StepSimulate}:    StepSimulated,
	{From: StepQuoted, On: StepConfirm}:     StepConfirmed,
	{From: StepQuoted, On: StepFail}:        StepFailed,
	{From: StepSimulated, On: StepSimulate}: StepSimulated, // again, on a newer block
	{From: StepSimulated, On: StepApprove}:  StepApproved,
	{From: StepSimulated, On: StepConfirm}:  StepConfirmed,
	{From: StepSimulated, On: StepDecline}:  StepDeclined,
	{From: StepSimulated, On: StepExpire}:   StepExpired,
	{From: StepSimulated, On: StepFail}:     StepFailed,
	{From: StepApproved, On: StepSign}:      StepSigned,
	{From: StepApproved, On: StepExpire}:    StepExpired,
	{From: StepApproved, On: StepFail}:      StepFailed,
	{From: StepSigned, On: StepSend}:        StepBroadcast,
	{From: StepSigned, On: StepExpire}:      StepExpired,
	{From: StepSigned, On: StepFail}:        StepFailed,
	{From: StepBroadcast, On: StepConfirm}:  StepConfirmed,
	{From: StepBroadcast, On: StepFail}:     StepFailed,
}
