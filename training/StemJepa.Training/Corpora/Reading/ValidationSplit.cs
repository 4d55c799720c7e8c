using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Holds songs out of training for validation: the corpus's own validation split if it has one, else one song in twelve with all its
/// variants, unless no training song would be left. At most about 48 songs are held out. Thread-safe.
/// </summary>
internal static class ValidationSplit
{
    private const int OneIn = 12, Most = 48;

    /// <summary>Splits songs into those to train on and those for validation.</summary>
    public static (IReadOnlyList<CorpusSong> Train, IReadOnlyList<CorpusSong> Validation) Create(IReadOnlyList<CorpusSong> songs)
    {
        CorpusSong[] own = [.. songs.Where(song => song.Split == CorpusFolder.Validation)];
        if (own.Length > 0)
            return ([.. songs.Except(own)], [.. own.Where(song => Hash(song.Original) % Math.Max(1, own.Length / Most) == 0)]);
        int oneIn = Math.Max(OneIn, songs.DistinctBy(song => song.Original).Count() / Most);
        ILookup<bool, CorpusSong> held = songs.ToLookup(song => Hash(song.Original) % oneIn == 0);
        return held.Contains(false) ? ([.. held[false]], [.. held[true]]) : (songs, []);
    }

    /// <summary>
    /// Returns a fraction <paramref name="share"/> (0..1) of the songs, each with all its variants, by a hash that is independent of the
    /// validation split.
    /// </summary>
    public static IReadOnlyList<CorpusSong> Share(IReadOnlyList<CorpusSong> songs, double share) =>
        share == 1 ? songs : [.. songs.Where(song => Hash(song.Original + "/share") < share * (ushort.MaxValue + 1))];

    /// <summary>Computes a hash of a name, 0..65535, that is the same on every machine.</summary>
    public static int Hash(string name) => BinaryPrimitives.ReadUInt16LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
