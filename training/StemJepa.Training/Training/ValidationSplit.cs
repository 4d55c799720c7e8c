using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using StemJepa.Training.Corpus;

namespace StemJepa.Training.Training;

/// <summary>Holds one song in twelve, with all its variants, and no more than about 48 songs, out of training, to watch retrieval while training.</summary>
internal static class ValidationSplit
{
    private const int OneIn = 12, Most = 48;

    public static (IReadOnlyList<CorpusSong> Train, IReadOnlyList<CorpusSong> Validation) Of(IReadOnlyList<CorpusSong> songs)
    {
        int oneIn = Math.Max(OneIn, songs.DistinctBy(song => song.Original).Count() / Most);
        ILookup<bool, CorpusSong> held = songs.ToLookup(song => Hash(song.Original) % oneIn == 0);
        return ([.. held[false]], [.. held[true]]);
    }

    private static int Hash(string name) => BinaryPrimitives.ReadUInt16LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
