/* lanes: what kernels written once for both are made of: vectors of LANES elements for a
 * CPU's work-item, single elements, LANES 1, for a GPU's. Included by their files.
 */
#ifdef LANES
#if LANES == 4
#define WORD uint4
#define PAIRS ulong2
#define AS_PAIRS as_ulong2
#define FLOATS float4
#define INTS int4
#define AS_FLOATS as_float4
#define AS_INTS as_int4
#define AS_WORDS as_uint4
#define TO_FLOATS convert_float4
#define TO_INTS convert_int4
#define TO_REALS convert_double4
#define COLUMNS (uint4)(0, 1, 2, 3)
#elif LANES == 8
#define WORD uint8
#define PAIRS ulong4
#define AS_PAIRS as_ulong4
#define FLOATS float8
#define INTS int8
#define AS_FLOATS as_float8
#define AS_INTS as_int8
#define AS_WORDS as_uint8
#define TO_FLOATS convert_float8
#define TO_INTS convert_int8
#define TO_REALS convert_double8
#define COLUMNS (uint8)(0, 1, 2, 3, 4, 5, 6, 7)
#else
#define WORD uint16
#define PAIRS ulong8
#define AS_PAIRS as_ulong8
#define FLOATS float16
#define INTS int16
#define AS_FLOATS as_float16
#define AS_INTS as_int16
#define AS_WORDS as_uint16
#define TO_FLOATS convert_float16
#define TO_INTS convert_int16
#define TO_REALS convert_double16
#define COLUMNS (uint16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#endif
#else
#define LANES 1
#define VECTOR REAL
#define LOAD(i, p) ((p)[i])
#define STORE(v, i, p) ((p)[i] = (v))
#define WORD uint
#define FLOATS float
#define INTS int
#define AS_FLOATS as_float
#define AS_INTS as_int
#define AS_WORDS as_uint
#define TO_FLOATS convert_float
#define TO_INTS convert_int
#define TO_REALS convert_double
#define COLUMNS 0

REAL sum_of(REAL v)
{
    return v;
}
#endif

#ifndef REAL_IS_DOUBLE /* it is what FLOATS are */
#undef TO_REALS
#define TO_REALS
#endif
