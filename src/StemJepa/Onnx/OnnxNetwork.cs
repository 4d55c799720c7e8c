using Microsoft.ML.OnnxRuntime;

namespace StemJepa;

/// <summary>
/// One loaded network with named inputs and one output. The time of runs is bounded until one of them has ended: a network may come from
/// anybody. Thread-safe, except for <see cref="Dispose"/>.
/// </summary>
internal sealed class OnnxNetwork : IDisposable
{
    private const int AnySize = -1;

    private readonly InferenceSession _session;
    private readonly string _source;
    private readonly string _description;
    private readonly string[] _inputs;
    private readonly string[] _outputs;
    private readonly TimeSpan _limit;
    private volatile bool _hasRun, _isStuck;

    /// <summary>
    /// Wraps a session and takes it over; <paramref name="source"/> names the network in errors, and <paramref name="description"/> the
    /// file that asks for it. The first run may take as long as <paramref name="limit"/>.
    /// </summary>
    /// <exception cref="StemJepaException">
    /// The network has other inputs or outputs than <paramref name="inputs"/> and <paramref name="output"/>.
    /// </exception>
    internal OnnxNetwork(InferenceSession session, string source, OnnxTensor[] inputs, OnnxTensor output, TimeSpan limit,
        string description = ModelInfo.FileName)
    {
        _limit = limit;
        _session = session;
        _source = source;
        _description = description;
        _inputs = [.. inputs.Select(input => input.Name)];
        _outputs = [output.Name];
        try
        {
            Check(session.InputMetadata, inputs, "input");
            Check(session.OutputMetadata, [output], "output");
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether a run was given up and goes on: its options and values are still in use then, and no later run is started.
    /// </summary>
    internal bool IsStuck => _isStuck;

    /// <summary>Runs the network on the given values, in the order of the inputs that the constructor took.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="run"/> was terminated.</exception>
    /// <exception cref="StemJepaException">
    /// ONNX Runtime failed, for example for lack of memory, or the first run took too long.
    /// </exception>
    internal void Run(RunOptions run, OrtValue[] inputs, OrtValue[] outputs)
    {
        if (_isStuck)
            throw TooSlow();
        if (_hasRun)
        {
            RunNow(run, inputs, outputs);
            return;
        }
        if (TimeLimit.TryRun(() => RunNow(run, inputs, outputs), _limit, () => run.Terminate = true, out bool isRunning))
        {
            _hasRun = true;
            return;
        }
        _isStuck |= isRunning;
        throw TooSlow();
    }

    private StemJepaException TooSlow() => new(
        $"{_source} gave no result within {_limit.TotalSeconds:0.#} s when it was first run: use another model, or allow more time with "
        + $"{nameof(StemAffinityOptions)}.{nameof(StemAffinityOptions.FirstRunLimit)}.", StemJepaErrorKind.Runtime);

    private void RunNow(RunOptions run, OrtValue[] inputs, OrtValue[] outputs)
    {
        try
        {
            _session.Run(run, _inputs, inputs, _outputs, outputs);
        }
        catch (OnnxRuntimeException) when (run.Terminate)
        {
            throw new OperationCanceledException();
        }
        catch (OnnxRuntimeException e)
        {
            throw new StemJepaException(
                $"{_source} failed while it ran ({OnnxSessionFactory.OneLine(e)}): free some memory, or export the model again.", e,
                StemJepaErrorKind.Runtime);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isStuck)
            _session.Dispose();
    }

    private void Check(IReadOnlyDictionary<string, NodeMetadata> actual, OnnxTensor[] expected, string kind)
    {
        foreach (OnnxTensor tensor in expected)
        {
            if (!actual.TryGetValue(tensor.Name, out NodeMetadata? metadata))
                throw Mismatch($"has the {kind}s {string.Join(", ", actual.Keys)}", tensor, kind);
            if (!metadata.IsTensor || metadata.ElementType != tensor.Type || !Fits(metadata.Dimensions, tensor.Shape))
                throw Mismatch($"has the {kind} {tensor.Name} of {metadata.ElementType?.Name} [{string.Join(", ", metadata.Dimensions)}]",
                    tensor, kind);
        }
        if (actual.Count != expected.Length)
            throw Mismatch($"has {actual.Count} {kind}s, not {expected.Length}", expected[0], kind);
    }

    private static bool Fits(int[] actual, int[] expected) =>
        actual.Length == expected.Length && actual.Zip(expected).All(pair => pair.First == pair.Second || pair.First == AnySize);

    private StemJepaException Mismatch(string found, OnnxTensor expected, string kind) => new(
        $"{_source} {found}, where {_description} asks for the {kind} {expected.Name} of {expected.Type.Name} "
        + $"[{string.Join(", ", expected.Shape)}]: export the model again.");
}

/// <summary>An input or output that a network must have.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its sizes; -1 is a size that is free.</param>
internal readonly record struct OnnxTensor(string Name, Type Type, int[] Shape);
