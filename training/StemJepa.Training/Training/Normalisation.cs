using StemJepa.Training.Corpora;

namespace StemJepa.Training.Training;

/// <summary>Measures the mean and deviation of the log-mels of a corpus, on mixes and single stems as in training.</summary>
internal static class Normalisation
{
    private const int Draws = 200;

    public static FrontEndSettings Measure(CorpusAudio audio, TrainingSettings settings)
    {
        var unscaled = new LogMelSpectrogram(new FrontEndSettings { Mean = 0, StandardDeviation = 1 });
        var windows = new Windows(audio, settings, settings.JepaWindowSeconds);
        Windows.Window window = windows.CreateBuffer();
        double sum = 0, squares = 0;
        long count = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            Random random = windows.RandomOf(-1, draw);
            windows.Draw(window, new Windows.Choice(random.Next(audio.Songs.Count), Semitones: 0, random.NextDouble()), random,
                required: null);
            int[] stems = [.. Enumerable.Range(0, CorpusAudio.Stems)];
            foreach (int[] mixed in stems.Where(stem => window.Active[stem]).Select(stem => new[] { stem }).Append(stems))
            foreach (float value in unscaled.Compute(window.Mix(mixed)))
            {
                sum += value;
                squares += (double)value * value;
                count++;
            }
        }
        double mean = sum / count;
        return new FrontEndSettings { Mean = (float)mean, StandardDeviation = (float)Math.Sqrt(squares / count - mean * mean) };
    }
}
