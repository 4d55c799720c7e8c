using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>The ways to fit a moved stem that were found, and which of them are right.</summary>
/// <param name="Stem">The stem.</param>
/// <param name="Features">[ways][features].</param>
/// <param name="IsRight">[ways].</param>
internal sealed record FitChoices(Stem Stem, float[][] Features, bool[] IsRight)
{
    /// <summary>Whether there is something to learn.</summary>
    public bool Teaches => IsRight.Contains(true) && IsRight.Contains(false);
}

/// <summary>
/// Learns weights by maximum likelihood: the softmax of the weighted sums over all ways that were found is to lie on those that are right.
/// Adam on all cases at once; L2 decay towards given weights. Thread-safe.
/// </summary>
internal static class FitLearning
{
    private const int Steps = 500;
    private const double Rate = 0.05, FirstDecay = 0.9, SecondDecay = 0.999, Smallest = 1e-9;

    /// <param name="cases">At least one that teaches.</param>
    /// <param name="start">Weights to begin with.</param>
    /// <param name="learned">Which of them change; the others stay.</param>
    /// <param name="decay">How strongly weights are pulled to <paramref name="prior"/>.</param>
    /// <param name="prior">What is likely without these cases; null for zero.</param>
    public static float[] Learn(IEnumerable<FitChoices> cases, float[] start, bool[] learned, double decay, float[]? prior = null)
    {
        FitChoices[] teaching = [.. cases.Where(choices => choices.Teaches)];
        double[] weights = [.. start.Select(weight => (double)weight)];
        double[] first = new double[weights.Length], second = new double[weights.Length];
        for (int step = 1; step <= Steps; step++)
        {
            float[] gradient = Gradient(teaching, weights);
            for (int i = 0; i < weights.Length; i++)
            {
                if (!learned[i])
                    continue;
                double slope = gradient[i] / teaching.Length - decay * (weights[i] - (prior?[i] ?? 0));
                first[i] = FirstDecay * first[i] + (1 - FirstDecay) * slope;
                second[i] = SecondDecay * second[i] + (1 - SecondDecay) * slope * slope;
                weights[i] += Rate * (first[i] / (1 - Math.Pow(FirstDecay, step)))
                    / (Math.Sqrt(second[i] / (1 - Math.Pow(SecondDecay, step))) + Smallest);
            }
        }
        return [.. weights.Select(weight => (float)weight)];
    }

    private static float[] Gradient(FitChoices[] cases, double[] weights)
    {
        float[] gradient = new float[weights.Length], current = [.. weights.Select(weight => (float)weight)];
        foreach (FitChoices choices in cases)
        {
            float[] scores = [.. choices.Features.Select(features => TensorPrimitives.Dot<float>(features, current))];
            float most = scores.Max();
            double[] shares = [.. scores.Select(score => Math.Exp(score - most))];
            double all = shares.Sum(), right = shares.Where((_, way) => choices.IsRight[way]).Sum() + double.Epsilon;
            for (int way = 0; way < shares.Length; way++)
            {
                double pull = (choices.IsRight[way] ? shares[way] / right : 0) - shares[way] / all;
                TensorPrimitives.MultiplyAdd(choices.Features[way], (float)pull, gradient, gradient);
            }
        }
        return gradient;
    }
}
