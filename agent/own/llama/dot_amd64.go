package llama

import "golang.org/x/sys/cpu"

// fused says whether the machine has the instructions of the kernels: eight lanes, multiply and add in one.
var fused = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// dot3x4 stores the dot products of three rows of x with four rows of w. Strides are in elements; k is a multiple of eight and
// not zero.
//
//go:noescape
func dot3x4(dst *float32, dstStride int, x *float32, xStride int, w *float32, wStride, k int)

// dot1x4 is the same for one row of x, to the bit.
//
//go:noescape
func dot1x4(dst, x, w *float32, wStride, k int)
