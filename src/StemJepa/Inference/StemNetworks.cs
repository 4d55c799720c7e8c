using Microsoft.ML.OnnxRuntime;

namespace StemJepa;

/// <summary>The networks of one model: both encoders, which may be one, and the predictor. Thread-safe, except for <see cref="Dispose"/>.</summary>
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
        var prediction = patches with { Name = "prediction" };
        try
        {
            _contextEncoder = Load(info.Files.ContextEncoder, [logMel], patches);
            _targetEncoder = Load(info.Files.TargetEncoder, [logMel], patches);
            _predictor = Load(info.Files.Predictor, [patches, stem], prediction);
        }
        catch
        {
            Dispose();
            throw;
        }
        Provider = factory.Provider;

        OnnxNetwork Load(string file, OnnxTensor[] inputs, OnnxTensor output)
        {
            if (_byFile.TryGetValue(file, out OnnxNetwork? loaded))
                return loaded;
            InferenceSession session = factory.Create(source.ReadFile(info, file), source.NameOf(file));
            return _byFile[file] = new OnnxNetwork(session, source.NameOf(file), inputs, output);
        }
    }

    /// <summary>Where the networks run: <see cref="ExecutionProvider.Cpu"/> or <see cref="ExecutionProvider.Cuda"/>.</summary>
    internal ExecutionProvider Provider { get; }

    /// <summary>Turns a batch's log-mels into the target encoder's <see cref="WindowBatch.PatchValues"/>.</summary>
    internal void Encode(WindowBatch batch, RunOptions run)
    {
        using OrtValue logMel = batch.LogMel(), patches = batch.Patches();
        _targetEncoder.Run(run, [logMel], patches);
    }

    /// <summary>Turns a batch's log-mels, of a mix, into the <see cref="WindowBatch.PredictionValues"/> of its missing stem.</summary>
    internal void Predict(WindowBatch batch, Stem missing, RunOptions run)
    {
        using OrtValue logMel = batch.LogMel(), patches = batch.Patches(), stem = batch.Stem(missing), prediction = batch.Prediction();
        _contextEncoder.Run(run, [logMel], patches);
        _predictor.Run(run, [patches, stem], prediction);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OnnxNetwork network in _byFile.Values)
            network.Dispose();
    }
}
