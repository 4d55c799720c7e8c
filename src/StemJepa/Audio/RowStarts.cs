using System.Runtime.CompilerServices;

namespace StemJepa;

/// <summary>Where each of the rows that <see cref="FilterKernel"/> filters together begins in its table.</summary>
[InlineArray(FilterKernel.Rows)]
internal struct RowStarts
{
    private int first;
}
