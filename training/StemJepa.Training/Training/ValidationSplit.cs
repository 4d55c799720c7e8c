using System.Security.Cryptography;
using System.Text;
using StemJepa.Training.Corpus;

namespace StemJepa.Training.Training;

/// <summary>
/// Holds songs out of training, to watch retrieval while training: those of the corpus's own validation split, or one song in twelve with
/// all its variants; none where nothing would be left to train on.
/// </summary>
internal static class ValidationSplit
{
    private const int OneIn = 12;

    public static (IReadOnlyList<CorpusSong> Train, IReadOnlyList<CorpusSong> Validation) Of(IReadOnlyList<CorpusSong> songs)
    {
        bool hasOwn = songs.Any(song => song.Split == CorpusFolder.Validation);
        ILookup<bool, CorpusSong> held = songs.ToLookup(song => hasOwn ? song.Split == CorpusFolder.Validation : SHA256.HashData(Encoding.UTF8.GetBytes(song.Original))[1] % OneIn == 0);
        return held.Contains(false) ? ([.. held[false]], [.. held[true]]) : (songs, []);
    }
}
