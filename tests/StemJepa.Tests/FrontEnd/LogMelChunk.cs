namespace StemJepa.Tests;

/// <summary>A chunk of <see cref="LogMelStream"/> with its values.</summary>
internal sealed record LogMelChunk(long FirstFrame, int Frames, int PaddedFrames, float[] Values, float Peak)
{
    public bool IsFinite => float.IsFinite(Peak);

    public static IEnumerable<LogMelChunk> Read(AudioReader reader, int framesPerChunk = 800)
    {
        var stream = new LogMelStream(new LogMelSpectrogram(), framesPerChunk);
        stream.Open(reader);
        while (stream.Advance())
        {
            var values = new float[FrontEndSettings.MelBands * stream.PaddedFrames];
            stream.Write(values);
            yield return new LogMelChunk(stream.FirstFrame, stream.Frames, stream.PaddedFrames, values, stream.Peak);
        }
    }
}
