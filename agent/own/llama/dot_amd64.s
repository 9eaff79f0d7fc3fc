#include "textflag.h"

// Both kernels keep one accumulator of eight lanes a dot product and add the lanes up in one order, so that a product does not
// depend on which of the two computed it.

// SUM4 adds the lanes of four accumulators up and stores the four sums.
#define SUM4(a, b, c, d, xa, xb, to) \
	VHADDPS      b, a, a;    \
	VHADDPS      d, c, c;    \
	VHADDPS      c, a, a;    \
	VEXTRACTF128 $1, a, xb;  \
	VADDPS       xb, xa, xa; \
	VMOVUPS      xa, to

// func dot3x4(dst *float32, dstStride int, x *float32, xStride int, w *float32, wStride int, k int)
TEXT ·dot3x4(SB), NOSPLIT, $0-56
	MOVQ dst+0(FP), DI
	MOVQ dstStride+8(FP), SI
	MOVQ x+16(FP), R8
	MOVQ xStride+24(FP), R9
	MOVQ w+32(FP), R11
	MOVQ wStride+40(FP), R13
	MOVQ k+48(FP), CX
	SHLQ $2, SI
	SHLQ $2, R9
	SHLQ $2, R13
	LEAQ (R8)(R9*1), R10
	LEAQ (R8)(R9*2), R12
	LEAQ (R11)(R13*1), AX
	LEAQ (R11)(R13*2), BX
	LEAQ (AX)(R13*2), DX
	XORQ R9, R9

	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	VXORPS Y8, Y8, Y8
	VXORPS Y9, Y9, Y9
	VXORPS Y10, Y10, Y10
	VXORPS Y11, Y11, Y11

loop:
	VMOVUPS     (R8)(R9*1), Y12
	VMOVUPS     (R10)(R9*1), Y13
	VMOVUPS     (R12)(R9*1), Y14
	VMOVUPS     (R11)(R9*1), Y15
	VFMADD231PS Y12, Y15, Y0
	VFMADD231PS Y13, Y15, Y4
	VFMADD231PS Y14, Y15, Y8
	VMOVUPS     (AX)(R9*1), Y15
	VFMADD231PS Y12, Y15, Y1
	VFMADD231PS Y13, Y15, Y5
	VFMADD231PS Y14, Y15, Y9
	VMOVUPS     (BX)(R9*1), Y15
	VFMADD231PS Y12, Y15, Y2
	VFMADD231PS Y13, Y15, Y6
	VFMADD231PS Y14, Y15, Y10
	VMOVUPS     (DX)(R9*1), Y15
	VFMADD231PS Y12, Y15, Y3
	VFMADD231PS Y13, Y15, Y7
	VFMADD231PS Y14, Y15, Y11
	ADDQ        $32, R9
	SUBQ        $8, CX
	JNZ         loop

	SUM4(Y0, Y1, Y2, Y3, X0, X1, (DI))
	ADDQ SI, DI
	SUM4(Y4, Y5, Y6, Y7, X4, X5, (DI))
	ADDQ SI, DI
	SUM4(Y8, Y9, Y10, Y11, X8, X9, (DI))
	VZEROUPPER
	RET

// func dot1x4(dst *float32, x *float32, w *float32, wStride int, k int)
TEXT ·dot1x4(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ x+8(FP), R8
	MOVQ w+16(FP), R11
	MOVQ wStride+24(FP), R13
	MOVQ k+32(FP), CX
	SHLQ $2, R13
	LEAQ (R11)(R13*1), AX
	LEAQ (R11)(R13*2), BX
	LEAQ (AX)(R13*2), DX
	XORQ R9, R9

	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3

loop:
	VMOVUPS     (R8)(R9*1), Y12
	VFMADD231PS (R11)(R9*1), Y12, Y0
	VFMADD231PS (AX)(R9*1), Y12, Y1
	VFMADD231PS (BX)(R9*1), Y12, Y2
	VFMADD231PS (DX)(R9*1), Y12, Y3
	ADDQ        $32, R9
	SUBQ        $8, CX
	JNZ         loop

	SUM4(Y0, Y1, Y2, Y3, X0, X1, (DI))
	VZEROUPPER
	RET
