using System.Security.Cryptography;
using System.Text;
using StemJepa.Training.Corpus;

namespace StemJepa.Training.Training;

/// <summary>Holds one song in twelve, with all its variants, out of training, to watch retrieval while training.</summary>
internal static class ValidationSplit
{
    private const int OneIn = 12;

    public static (IReadOnlyList<CorpusSong> Train, IReadOnlyList<CorpusSong> Validation) Of(IReadOnlyList<CorpusSong> songs)
    {
        ILookup<bool, CorpusSong> held = songs.ToLookup(song => SHA256.HashData(Encoding.UTF8.GetBytes(song.Original))[1] % OneIn == 0);
        return ([.. held[false]], [.. held[true]]);
    }
}
