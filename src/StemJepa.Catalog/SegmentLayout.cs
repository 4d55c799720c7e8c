namespace StemJepa;

/// <summary>Where the columns of a segment's content lie, in bytes from the end of its header; each begins at a multiple of 64.</summary>
internal sealed record SegmentLayout
{
    internal const int Alignment = 64;

    internal SegmentLayout(CatalogPrecision precision, int length, int rows, long textBytes)
    {
        bool isInt8 = precision == CatalogPrecision.Int8;
        Stride = (int)RoundUp(length * (isInt8 ? sizeof(sbyte) : (long)sizeof(float)));
        long columnOfVectors = checked((long)rows * Stride);
        Refinements = columnOfVectors;
        Scales = checked(Refinements + (isInt8 ? columnOfVectors : 0));
        Records = checked(Scales + (isInt8 ? RoundUp((long)rows * sizeof(float)) : 0));
        Ids = checked(Records + RoundUp((long)rows * EntryRecord.Bytes));
        Texts = checked(Ids + RoundUp((long)rows * sizeof(ulong)));
        ContentBytes = checked(Texts + textBytes);
    }

    /// <summary>Bytes from one vector to the next; vectors begin the content.</summary>
    internal int Stride { get; }

    /// <summary>
    /// The low 8 bits of 16-bit values, in rows of <see cref="Stride"/>; empty for <see cref="CatalogPrecision.Single"/>.
    /// </summary>
    internal long Refinements { get; }

    /// <summary>A float for each vector; empty for <see cref="CatalogPrecision.Single"/>.</summary>
    internal long Scales { get; }

    /// <summary>An <see cref="EntryRecord"/> for each vector.</summary>
    internal long Records { get; }

    /// <summary>For each vector the hash of its id (upper 32 bits) and its row (lower 32 bits), ascending.</summary>
    internal long Ids { get; }

    /// <summary>Ids, paths and tags.</summary>
    internal long Texts { get; }

    /// <summary>Bytes of the whole content.</summary>
    internal long ContentBytes { get; }

    internal int Blocks => checked((int)((ContentBytes + BlockChecksum.BlockBytes - 1) / BlockChecksum.BlockBytes));

    /// <summary>Bytes of the whole file: header, content, a checksum for each block.</summary>
    internal long FileBytes => SegmentHeader.Bytes + ContentBytes + (long)Blocks * sizeof(uint);

    private static long RoundUp(long bytes) => checked(bytes + Alignment - 1) / Alignment * Alignment;
}
