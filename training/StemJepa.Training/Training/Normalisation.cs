using StemJepa.Training.Corpus;

namespace StemJepa.Training.Training;

/// <summary>Measures the mean and deviation of the log-mels of a corpus, on mixes and single stems as training sees them.</summary>
internal static class Normalisation
{
    private const int Draws = 200;

    public static FrontEndSettings Measure(CorpusAudio audio, TrainingSettings settings)
    {
        var unscaled = new LogMelSpectrogram(new FrontEndSettings { Mean = 0, StandardDeviation = 1 });
        var windows = new Windows(audio, settings, settings.JepaWindowSeconds);
        double sum = 0, squares = 0;
        long count = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            Random random = windows.RandomOf(-1, draw);
            Windows.Window window = windows.Draw(new Windows.Choice(random.Next(audio.Songs.Count), Semitones: 0), random, required: null);
            var mix = new float[windows.Samples];
            window.Mix([.. Enumerable.Range(0, CorpusAudio.Stems)], mix);
            foreach (float[] samples in window.Stems.Where((_, stem) => window.Active[stem]).Append(mix))
            foreach (float value in unscaled.Compute(samples))
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
