// Package own is the planner that was trained for this one task, and what it is trained with.
//
// It reads a sentence as words and ids of spans, and answers with a list of elements: actions, and slots that point at ids. The
// list of elements that an answer may have is made for each sentence, so an answer can name no span that is not there, and an
// element is one step of the model, so that a plan takes milliseconds.
//
// Invariant: a Draft of this package holds only refs that are eligible spans of its reading, each in a slot of its kind, and
// outputs of earlier steps, whatever the model answers.
package own
