namespace StemJepa;

/// <summary>
/// Where the parts of a row lie in a file of vectors: after the header, blocks of <see cref="RowsPerBlock"/> rows, each a column of
/// vectors, with int8 then a column of refinements and a column of scales.
/// </summary>
internal sealed class VectorLayout
{
    /// <summary>Room for the header, so that blocks begin at a page.</summary>
    internal const int HeaderBytes = 4096;

    internal const int RowsPerBlock = 512, MaximumLength = 1 << 16;

    private const int Alignment = 64;
    private readonly bool _isInt8;

    /// <param name="precision">How values are kept.</param>
    /// <param name="length">Values in a vector, 1..<see cref="MaximumLength"/>.</param>
    internal VectorLayout(CatalogPrecision precision, int length)
    {
        _isInt8 = precision == CatalogPrecision.Int8;
        Stride = (length * (_isInt8 ? sizeof(sbyte) : sizeof(float)) + Alignment - 1) / Alignment * Alignment;
    }

    /// <summary>Bytes from one vector to the next.</summary>
    internal int Stride { get; }

    /// <summary>Bytes of a row's refinement: the low 8 bits of 16-bit values; none in <see cref="CatalogPrecision.Single"/>.</summary>
    internal int RefinementBytes => _isInt8 ? Stride : 0;

    /// <summary>Bytes of a row's scale.</summary>
    internal int ScaleBytes => _isInt8 ? sizeof(float) : 0;

    internal long Vector(int row) => Block(row) + (long)(row % RowsPerBlock) * Stride;

    internal long Refinement(int row) => Vector(row) + (long)RowsPerBlock * Stride;

    internal long Scale(int row) =>
        Block(row) + (long)RowsPerBlock * (Stride + RefinementBytes) + (long)(row % RowsPerBlock) * ScaleBytes;

    /// <summary>Bytes of a file that has this many rows: whole blocks.</summary>
    internal long FileBytes(int rows) => HeaderBytes + Blocks(rows) * BlockBytes;

    internal static int Blocks(int rows) => (int)(((long)rows + RowsPerBlock - 1) / RowsPerBlock);

    private long BlockBytes => (long)RowsPerBlock * (Stride + RefinementBytes + ScaleBytes);

    private long Block(int row) => HeaderBytes + row / RowsPerBlock * BlockBytes;
}
