using System.Runtime.ExceptionServices;
using Microsoft.ML.OnnxRuntime;

namespace StemJepa;

/// <summary>
/// The networks of one model: both encoders, which may be one, and the predictor. Thread-safe, except for <see cref="Dispose"/>.
/// </summary>
internal sealed class StemNetworks : IDisposable
{
    private readonly Dictionary<string, OnnxNetwork> _byFile = [];
    private readonly OnnxNetwork _contextEncoder;
    private readonly OnnxNetwork _targetEncoder;
    private readonly OnnxNetwork _predictor;

    /// <summary>Loads and checks the files that <paramref name="info"/> names.</summary>
    /// <exception cref="StemJepaException">A file is missing, altered, or not the network that it should be.</exception>
    internal StemNetworks(IModelSource source, ModelInfo info, StemAffinityOptions options)
    {
        var factory = new OnnxSessionFactory(options);
        int width = info.Encoder.Width;
        var logMel = new OnnxTensor("log_mel", typeof(float), [-1, FrontEndSettings.MelBands, -1]);
        var patches = new OnnxTensor("patches", typeof(float), [-1, ModelEncoder.FrequencyPatches, -1, width]);
        var stem = new OnnxTensor("stem", typeof(long), [-1]);
        (string File, OnnxTensor[] Inputs, OnnxTensor Output)[] wanted =
        [
            .. new[] { info.Files.ContextEncoder, info.Files.TargetEncoder }.Distinct().Select(file => (file, new[] { logMel }, patches)),
            (info.Files.Predictor, [patches, stem], patches with { Name = "prediction" }),
        ];
        Load(factory.Provider == ExecutionProvider.Cpu ? wanted.Length : 1, wanted.Length, i =>
        {
            (string file, OnnxTensor[] inputs, OnnxTensor output) = wanted[i];
            InferenceSession session = factory.Create(source.ReadFile(info, file), source.NameOf(file));
            var network = new OnnxNetwork(session, source.NameOf(file), inputs, output, options.FirstRunLimit);
            lock (_byFile)
                _byFile[file] = network;
        });
        _contextEncoder = _byFile[info.Files.ContextEncoder];
        _targetEncoder = _byFile[info.Files.TargetEncoder];
        _predictor = _byFile[info.Files.Predictor];
        Provider = factory.Provider;
    }

    /// <summary>Where the networks run: <see cref="ExecutionProvider.Cpu"/> or <see cref="ExecutionProvider.Cuda"/>.</summary>
    internal ExecutionProvider Provider { get; }

    /// <summary>Whether a run was given up and goes on, so that the batch that it works on is still in use.</summary>
    internal bool IsStuck => _byFile.Values.Any(network => network.IsStuck);

    /// <summary>Turns a batch's log-mels into the target encoder's <see cref="WindowBatch.PatchValues"/>.</summary>
    internal void Encode(WindowBatch batch, RunOptions run)
    {
        BatchTensors tensors = batch.Tensors;
        _targetEncoder.Run(run, tensors.EncoderInputs, tensors.EncoderOutputs);
    }

    /// <summary>Turns a batch's log-mels, of a mix, into the <see cref="WindowBatch.PredictionValues"/> of its missing stem.</summary>
    internal void Predict(WindowBatch batch, int missing, RunOptions run)
    {
        batch.SetStem(missing);
        BatchTensors tensors = batch.Tensors;
        _contextEncoder.Run(run, tensors.EncoderInputs, tensors.EncoderOutputs);
        _predictor.Run(run, tensors.PredictorInputs, tensors.PredictorOutputs);
    }

    /// <summary>
    /// Loads all networks, several at once: a cold start waits for the longest, not for the sum. On CUDA the first one decides for all.
    /// </summary>
    private void Load(int atOnce, int count, Action<int> load)
    {
        var failures = new ExceptionDispatchInfo?[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, (i, loop) =>
        {
            try
            {
                load(i);
            }
            catch (Exception e)
            {
                failures[i] = ExceptionDispatchInfo.Capture(e);
                loop.Break();
            }
        });
        if (Array.Find(failures, failure => failure is not null) is not { } first)
            return;
        Dispose();
        first.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OnnxNetwork network in _byFile.Values)
            network.Dispose();
    }
}
