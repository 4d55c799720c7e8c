namespace StemJepa;

/// <summary>How a catalogue keeps the values of its embeddings. Chosen when the catalogue is made, and fixed.</summary>
public enum CatalogPrecision
{
    /// <summary>32-bit floating point: 4 bytes per value, search reads all of them and is exact.</summary>
    Single = 0,

    /// <summary>
    /// 16-bit fixed point with one scale for each embedding, kept as two columns of 8 bits: 2 bytes per value. Search reads the first
    /// column of every embedding, and both columns of the best few hundred, whose affinities are then right to about 0.00001.
    /// </summary>
    Int8 = 1,
}
