namespace StemJepa.Tool.Demo;

/// <summary>A short excerpt of a song as four recordings that start together.</summary>
/// <param name="Title">The song's name.</param>
/// <param name="Stems">One recording for each <see cref="Stem"/>, by its number; equally long, at the same rate.</param>
internal sealed record DemoSong(string Title, IReadOnlyList<AudioClip> Stems)
{
    /// <summary>The sum of the other three stems.</summary>
    public AudioClip MixWithout(Stem missing)
    {
        var mix = new float[Stems[0].Samples.Length];
        for (int stem = 0; stem < Stems.Count; stem++)
        {
            if (stem == (int)missing)
                continue;
            ReadOnlySpan<float> samples = Stems[stem].Samples.Span;
            for (int i = 0; i < mix.Length; i++)
                mix[i] += samples[i];
        }
        return new AudioClip(mix, Stems[0].SampleRate);
    }
}
