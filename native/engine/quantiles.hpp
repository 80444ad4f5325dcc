// Random numbers of other kinds from even ones, with the same bits on every machine.
#pragma once

namespace hl {

// z with P(Z < z) = 1/2 + q, |q| < 1/2: Wichura (1988), algorithm AS 241 (PPND16),
// doi:10.2307/2347330; within 1e-16 of z, but for rounding. Odd in q to the last bit.
double normal_quantile(double q) noexcept;

// x with P(X > x) = u, 0 < u < 1, of an exponential number of mean 1.
double exponential_quantile(double u) noexcept;

}  // namespace hl
