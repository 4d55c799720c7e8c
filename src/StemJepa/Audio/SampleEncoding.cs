namespace StemJepa;

/// <summary>How one sample of a WAV file is coded; all are little-endian.</summary>
internal enum SampleEncoding
{
    /// <summary>8-bit PCM with its zero at 128.</summary>
    Unsigned8,

    /// <summary>16-bit two's complement PCM.</summary>
    Signed16,

    /// <summary>24-bit two's complement PCM in three bytes.</summary>
    Signed24,

    /// <summary>32-bit two's complement PCM.</summary>
    Signed32,

    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>IEEE 754 double precision.</summary>
    Float64,
}
