using NAudio.Wave;
using NWaves.Signals;
using StemJepa.TestSupport;

namespace StemJepa.Packages.Tests.Guide;

/// <summary>The examples of docs/guide/your-audio.md. Oracle: the same recording, read by the library itself.</summary>
public sealed class YourAudioTests(GoldenModel golden) : IClassFixture<GoldenModel>
{
    private static readonly string Recording = Golden.PathOf("mix.wav");

    [Fact]
    public void Samples_in_an_array_are_a_clip()
    {
        AudioClip loaded = AudioClip.Load(Recording);
        float[] left = loaded.Samples.ToArray(), right = left;
        float[] stereo = [.. left.SelectMany((sample, i) => new[] { sample, right[i] })];
        float[] mono = left;

        // Example: array
        var clip = new AudioClip(mono, sampleRate: 16000);
        AudioClip mixedDown = AudioClip.FromInterleaved(stereo, channels: 2, sampleRate: 16000);
        // end of example

        Assert.Equal(loaded.Samples.ToArray(), clip.Samples.ToArray());
        Assert.Equal(loaded.Samples.ToArray(), mixedDown.Samples.ToArray());
        GuidePage.AssertShows("your-audio.md", "array");
    }

    [Fact]
    public void Providers_of_NAudio_are_read_piece_by_piece()
    {
        IStemAffinity model = golden.Affinity;
        string path = Recording;

        // Example: NAudio
        using var file = new WaveFileReader(path);
        using var reader = new SampleProviderReader(file.ToSampleProvider());
        StemEmbedding embedding = model.Embed(reader);
        // end of example

        Assert.Equal(model.Embed(AudioClip.Load(path)).Vector.ToArray(), embedding.Vector.ToArray());
        GuidePage.AssertShows("your-audio.md", "NAudio");
        GuidePage.AssertShows("your-audio.md", "reader");
    }

    [Fact]
    public void Signals_of_NWaves_go_in_and_out()
    {
        IStemAffinity model = golden.Affinity;
        AudioClip loaded = AudioClip.Load(Recording);
        float[] samples = loaded.Samples.ToArray();

        // Example: NWaves
        var signal = new DiscreteSignal(16000, samples);
        StemEmbedding embedding = model.Embed(signal);
        DiscreteSignal again = AudioClip.FromSignal(signal).ToSignal();
        // end of example

        Assert.Equal(model.Embed(loaded).Vector.ToArray(), embedding.Vector.ToArray());
        Assert.Same(samples, again.Samples);
        GuidePage.AssertShows("your-audio.md", "NWaves");
    }

    // Example: reader
    /// <summary>Averages the channels of an NAudio provider.</summary>
    public sealed class SampleProviderReader(ISampleProvider provider) : AudioReader
    {
        private readonly int _channels = provider.WaveFormat.Channels;
        private float[] _frames = [];

        public override int SampleRate => provider.WaveFormat.SampleRate;

        public override int Read(Span<float> buffer)
        {
            int wanted = buffer.Length * _channels, filled = 0, read;
            if (_frames.Length < wanted)
                _frames = new float[wanted];
            while (filled < wanted && (read = provider.Read(_frames.AsSpan(filled, wanted - filled))) > 0)
                filled += read;
            for (int frame = 0; frame < filled / _channels; frame++)
            {
                float sum = 0;
                foreach (float sample in _frames.AsSpan(frame * _channels, _channels))
                    sum += sample;
                buffer[frame] = sum / _channels;
            }
            return filled / _channels;
        }
    }
    // end of example
}
