// Matrices of orthonormal columns, every one as likely as any other.
#pragma once

namespace hl {

// The Q of a = Q·R whose R has a positive diagonal, into q; both [rows, columns], rows ≥ columns,
// and a is overwritten. Householder's way (Golub and Van Loan 2013, algorithm 5.2.1). Of normal
// numbers, Q has Haar's distribution only with these signs: Mezzadri (2007), Notices of the AMS 54,
// 592.
void orthonormal_columns(int rows, int columns, double* a, double* q);

}  // namespace hl
