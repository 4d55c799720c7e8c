using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace StemJepa;

/// <summary>
/// The small networks that classify key, tempo, beats, stem and instrument of a recording, and how their outputs become answers.
/// Thread-safe, except for <see cref="Dispose"/>.
/// </summary>
internal sealed class AnalysisHeads : IDisposable
{
    internal const string InputName = "features", OutputName = "logits";

    private const int AnySize = -1;

    private readonly Dictionary<string, OnnxNetwork> _networks = [];
    private readonly HeadsInfo _info;
    private readonly int _columnLength;

    /// <summary>Loads the heads of a model.</summary>
    /// <exception cref="StemJepaException">There are none, they are damaged, or they belong to another model.</exception>
    internal AnalysisHeads(HeadsSource source, ModelInfo model, int threads = 0)
    {
        _info = HeadsInfo.Read(source, model);
        _columnLength = model.EmbeddingLength;
        var options = new StemAffinityOptions { Threads = threads };
        var factory = new OnnxSessionFactory(options);
        try
        {
            foreach ((string name, HeadInfo head) in _info.Heads)
                _networks.Add(name, Load(source, factory, options.FirstRunLimit, name, head));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Analyses a recording.</summary>
    internal StemAnalysis Analyze(HeadFeatures features, CancellationToken cancellationToken = default)
    {
        float[] likelihoods = BeatLikelihood.FromLogits(Logits(HeadsInfo.Beats, features.Columns, cancellationToken));
        float[] LogitsOf(string head) => Logits(head, _info.Heads[head].Input switch
        {
            HeadInput.BeatPeriodicity => Periodicity.Compute(likelihoods),
            HeadInput.Chroma => Chromagram.MeanAndDeviation(features.Chroma),
            HeadInput.MelDynamics => features.MelDynamics,
            _ => features.Columns,
        }, cancellationToken);
        double seconds = features.Embedding.Duration!.Value.TotalSeconds;
        float[] keys = LogitsOf(HeadsInfo.Key);
        (int key, double keyConfidence) = Likeliest(keys);
        (int family, double familyConfidence) = Likeliest(LogitsOf(HeadsInfo.Instrument));
        (int stem, double stemConfidence) = _info.Heads.ContainsKey(HeadsInfo.Stem) ? Likeliest(LogitsOf(HeadsInfo.Stem)) : (-1, 0);
        float[] tempi = LogitsOf(HeadsInfo.Tempo);
        double estimate = TempoClasses.Estimate(tempi);
        Probabilities(tempi);
        double[] beats = features.Embedding.IsSilent ? []
            : [.. BeatLikelihood.Beats(likelihoods, tempo => TempoClasses.ProbabilityNear(tempo, tempi), cancellationToken)
                .Where(beat => beat < seconds)];
        double tempo = BeatLikelihood.Tempo(beats) ?? estimate;
        Downbeat? downbeat = Downbeat.Find(beats, features.LowBand);
        return new StemAnalysis
        {
            Embedding = features.Embedding,
            Key = MusicalKey.FromNumber(key),
            KeyConfidence = keyConfidence,
            KeyProbabilities = keys,
            Tempo = tempo,
            TempoConfidence = features.Embedding.IsSilent ? 0 : TempoClasses.ProbabilityNear(tempo, tempi),
            Beats = beats,
            Downbeat = downbeat?.Seconds,
            DownbeatConfidence = downbeat?.Confidence ?? 0,
            Loudness = features.Loudness,
            IsLoop = LoopLength.IsLoop(seconds, tempo, beats.Length),
            Stem = stem < 0 ? null : Stem.Roles[stem],
            StemConfidence = stemConfidence,
            Instrument = _info.Heads[HeadsInfo.Instrument].Classes![family],
            InstrumentConfidence = familyConfidence,
            IsSilent = features.Embedding.IsSilent,
        };
    }

    /// <summary>Turns logits into probabilities, in place.</summary>
    private static (int Class, double Probability) Likeliest(float[] logits)
    {
        float[] probabilities = Probabilities(logits);
        int best = TensorPrimitives.IndexOfMax<float>(probabilities);
        return (best, probabilities[best]);
    }

    /// <summary>Softmax in place. The largest logit is taken off first, since the library's own overflows from 89 on.</summary>
    internal static float[] Probabilities(float[] logits)
    {
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max<float>(logits), logits);
        TensorPrimitives.SoftMax(logits, logits);
        return logits;
    }

    /// <summary>Runs a head on its input features of a recording; [rows, outputs].</summary>
    /// <exception cref="StemJepaException">The head gives no finite numbers.</exception>
    internal float[] Logits(string head, float[] features, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int rows = features.Length / LengthOf(_info.Heads[head]), outputRows = head == HeadsInfo.Beats ? rows : 1;
        var logits = new float[outputRows * OutputsOf(head)];
        OnnxNetwork network = _networks[head];
        var run = new RunOptions();
        OrtValue input = OrtValue.CreateTensorValueFromMemory(features, [rows, features.Length / rows]);
        OrtValue output = OrtValue.CreateTensorValueFromMemory(logits, [outputRows, logits.Length / outputRows]);
        try
        {
            using (cancellationToken.Register(static run => ((RunOptions)run!).Terminate = true, run))
                Run(network, run, input, output, cancellationToken);
        }
        finally
        {
            if (!network.IsStuck)
                Array.ForEach<IDisposable>([input, output, run], value => value.Dispose());
        }
        if (Array.Exists(logits, value => !float.IsFinite(value)))
        {
            throw new StemJepaException(
                $"The head '{head}' gives values that are not finite numbers: export the heads again, or use another model.");
        }
        return logits;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OnnxNetwork network in _networks.Values)
            network.Dispose();
    }

    private static void Run(OnnxNetwork network, RunOptions run, OrtValue input, OrtValue output, CancellationToken cancellationToken)
    {
        try
        {
            network.Run(run, [input], [output]);
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private OnnxNetwork Load(HeadsSource source, OnnxSessionFactory factory, TimeSpan limit, string name, HeadInfo head)
    {
        string file = source.NameOf(head.File);
        byte[] bytes = source.Read(head.File)
            ?? throw new StemJepaException($"{file} is missing, which {HeadsInfo.FileName} names: copy the whole model folder.");
        ModelHash.Check(bytes, head.Sha256, file, HeadsInfo.FileName);
        return new OnnxNetwork(factory.Create(bytes, file), file,
            [new OnnxTensor(InputName, typeof(float), [AnySize, LengthOf(head)])],
            new OnnxTensor(OutputName, typeof(float), [name == HeadsInfo.Beats ? AnySize : 1, OutputsOf(name)]), limit, HeadsInfo.FileName);
    }

    private int LengthOf(HeadInfo head) => head.Input switch
    {
        HeadInput.BeatPeriodicity => Periodicity.Lags,
        HeadInput.Chroma => Chromagram.Moments,
        HeadInput.MelDynamics => MelDynamics.PatchLength,
        _ => _columnLength,
    };

    private int OutputsOf(string head) => head switch
    {
        HeadsInfo.Beats => FrontEndSettings.PatchFrames,
        HeadsInfo.Tempo => TempoClasses.Count,
        _ => _info.Heads[head].Classes!.Count,
    };
}
