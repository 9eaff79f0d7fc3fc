//go:build !amd64

package llama

const fused = false

func dot3x4(*float32, int, *float32, int, *float32, int, int) { panic("not fused") }

func dot1x4(*float32, *float32, *float32, int, int) { panic("not fused") }
