using Microsoft.ML.OnnxRuntime;
using StemJepa.TestSupport;

namespace StemJepa.Export.Tests;

/// <summary>An exported model folder, run by ONNX Runtime.</summary>
internal sealed class ExportedModel : IDisposable
{
    private readonly InferenceSession _context;
    private readonly InferenceSession _target;
    private readonly InferenceSession _predictor;

    public ExportedModel(string folder)
    {
        Info = ModelInfo.Load(folder);
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        _context = new InferenceSession(Path.Combine(folder, Info.Files.ContextEncoder), options);
        _target = new InferenceSession(Path.Combine(folder, Info.Files.TargetEncoder), options);
        _predictor = new InferenceSession(Path.Combine(folder, Info.Files.Predictor), options);
    }

    public ModelInfo Info { get; }

    public int Width => Info.Encoder.Width;

    /// <summary>Exports a weights file into a folder of <paramref name="temporary"/> and opens it.</summary>
    public static ExportedModel Create(
        TemporaryFolder temporary, string weights, int? heads = null, EncoderSharing encoders = EncoderSharing.Automatic)
    {
        ModelExporter.Export(new ExportOptions { From = weights, Out = temporary.PathOf("model"), Heads = heads, Encoders = encoders });
        return new ExportedModel(temporary.PathOf("model"));
    }

    public float[] EncodeContext(float[] logMel, int batch) => Encode(_context, logMel, batch);

    public float[] EncodeTarget(float[] logMel, int batch) => Encode(_target, logMel, batch);

    public float[] Predict(float[] patches, params long[] stems)
    {
        using OrtValue x =
            OrtValue.CreateTensorValueFromMemory(patches, [stems.Length, 5, patches.Length / (stems.Length * 5 * Width), Width]);
        using OrtValue stem = OrtValue.CreateTensorValueFromMemory(stems, [stems.Length]);
        return Run(_predictor, ["patches", "stem"], [x, stem], "prediction");
    }

    public void Dispose()
    {
        _context.Dispose();
        _target.Dispose();
        _predictor.Dispose();
    }

    private static float[] Encode(InferenceSession session, float[] logMel, int batch)
    {
        using OrtValue x = OrtValue.CreateTensorValueFromMemory(logMel, [batch, 80, logMel.Length / (batch * 80)]);
        return Run(session, ["log_mel"], [x], "patches");
    }

    private static float[] Run(InferenceSession session, string[] names, OrtValue[] inputs, string output)
    {
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, names, inputs, [output]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
