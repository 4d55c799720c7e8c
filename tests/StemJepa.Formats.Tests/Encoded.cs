using CliWrap;
using StemJepa.TestSupport;

namespace StemJepa.Formats.Tests;

/// <summary>Recordings that <c>ffmpeg</c> encodes, and its own decoding of them: the oracle of these tests.</summary>
internal static class Encoded
{
    /// <summary>Writes a stereo recording whose channels differ: a chord with a sweep, and noise that fades.</summary>
    public static string Wav(string path, int rate, double seconds, int channels = 2)
    {
        var random = new Random(7);
        var samples = new float[(int)(seconds * rate) * channels];
        for (int i = 0; i < samples.Length / channels; i++)
        {
            double t = (double)i / rate;
            for (int c = 0; c < channels; c++)
            {
                double tone = 0.2 * Math.Sin(2 * Math.PI * (220 + 110 * c + 300 * t) * t);
                samples[i * channels + c] = (float)(tone + 0.1 * Math.Exp(-5 * (t % 0.4)) * (random.NextDouble() - 0.5));
            }
        }
        File.WriteAllBytes(path,
            WavBytes.File(WavBytes.Float, channels, rate, 32, WavBytes.Concat([.. samples.Select(BitConverter.GetBytes)])));
        return path;
    }

    /// <summary>Encodes a recording in the format of the name.</summary>
    public static async Task<string> Encode(string wav, string path, params string[] options)
    {
        await Run(["-i", wav, .. options, path]);
        return path;
    }

    /// <summary>The recording as <c>ffmpeg</c> decodes it, channels averaged.</summary>
    public static async Task<AudioClip> Decode(string path)
    {
        string wav = path + ".decoded.wav";
        await Run(["-i", path, "-c:a", "pcm_f32le", wav]);
        return AudioClip.Load(wav);
    }

    private static async Task Run(string[] arguments) =>
        await Cli.Wrap("ffmpeg").WithArguments(["-nostdin", "-v", "error", "-y", .. arguments]).ExecuteAsync();
}
