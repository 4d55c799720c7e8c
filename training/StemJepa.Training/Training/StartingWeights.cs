using System.Security.Cryptography;
using StemJepa.Training.Networks;
using static TorchSharp.torch;

namespace StemJepa.Training.Training;

/// <summary>The weights file that a run started from.</summary>
/// <param name="Weights">Path of the safetensors file, as it was given.</param>
/// <param name="Sha256">SHA-256 of the file, in lower-case hexadecimal.</param>
internal sealed record StartingWeights(string Weights, string Sha256)
{
    private const string Positions = "pos_embed", LabelVectors = "predictor.source_embed.weight";

    /// <summary>Names a file with its hash.</summary>
    /// <exception cref="StemJepaException">The file cannot be read.</exception>
    public static StartingWeights FromFile(string path)
    {
        try
        {
            using FileStream content = File.OpenRead(path);
            return new StartingWeights(path, Convert.ToHexStringLower(SHA256.HashData(content)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{path}: cannot be read ({error.Message.TrimEnd('.')}); give --from a weights.safetensors.",
                error);
        }
    }

    /// <summary>
    /// Fills both encoders and the predictor. Every tensor of the file must have its place; tensors that the file lacks keep their values.
    /// Weights with absolute time positions may start a network with rotary ones, not the other way round. The vectors of labels that the
    /// file lacks start as that of the role other.
    /// </summary>
    /// <param name="network">The networks to fill.</param>
    /// <param name="note">Takes what differs between the file and the networks, in sentences.</param>
    /// <param name="families">Names of the network's labels after those of the four roles; null for none.</param>
    /// <returns>The normalisation that the weights were trained with.</returns>
    /// <exception cref="StemJepaException">The file has changed, or does not fit.</exception>
    internal FrontEndSettings Load(StemJepaNetwork network, Action<string> note, IReadOnlyList<string>? families = null)
    {
        if (FromFile(Weights) is var now && now != this)
            throw new StemJepaException(
                $"{Weights}: has the SHA-256 {now.Sha256}, but the configuration names {Sha256}; give the file itself with --from.");
        using SafetensorsFile file = SafetensorsFile.Open(Weights);
        WeightsConfig config = WeightsConfig.Read(file) ?? new WeightsConfig();
        bool newPositions = CheckSizes(config, network.Sizes);
        IReadOnlyDictionary<string, Tensor> tensors = network.state_dict();
        if (file.Tensors.FirstOrDefault(tensor => !tensors.ContainsKey(tensor.Name)) is { } unknown)
            throw new StemJepaException(
                $"{Weights}: holds the tensor '{unknown.Name}', which these sizes do not have; use the sizes that it was trained with, or "
                + "larger ones.");
        string[] added = [.. tensors.Keys.Where(name => !file.Contains(name))];
        if (added.Length > 0)
            note($"{Weights}: lacks {added.Length} tensors, which start at random: {string.Join(", ", added)}.");
        if (newPositions)
            note($"{Weights}: was trained with absolute time positions; the run goes on with rotary ones.");
        string[] stored = [.. (config.Stems ?? Stem.Roles).Select(stem => stem.Name)],
            wanted = [.. Stem.Roles.Select(role => role.Name), .. families ?? []];
        bool newLabels = !wanted.SequenceEqual(stored);
        WeightsFile.Load(file, tensors.Where(item => file.Contains(item.Key)
            && !(newPositions && item.Key.EndsWith(Positions, StringComparison.Ordinal)) && !(newLabels && item.Key == LabelVectors)));
        if (newLabels)
            LoadLabels(file, tensors[LabelVectors], stored, wanted, note);
        var reference = new FrontEndSettings();
        return reference with { Mean = config.Mean ?? reference.Mean, StandardDeviation = config.Std ?? reference.StandardDeviation };
    }

    /// <summary>Fills each label's vector from the label of its name.</summary>
    private void LoadLabels(SafetensorsFile file, Tensor vectors, string[] stored, string[] wanted, Action<string> note)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor given = zeros(stored.Length, vectors.shape[1]);
        WeightsFile.Load(file, [new(LabelVectors, given)]);
        string[] added = [.. wanted.Except(stored)];
        long[] rows = [.. wanted.Select(name => (long)Array.IndexOf(stored, added.Contains(name) ? Stem.Other.Name : name))];
        vectors.copy_(given.index_select(0, tensor(rows)));
        if (added.Length > 0)
            note($"{Weights}: has no labels for {string.Join(", ", added)}, which start as that of other.");
    }

    /// <summary>Compares what no tensor's shape tells; returns whether the time positions become rotary.</summary>
    private bool CheckSizes(WeightsConfig config, NetworkSizes sizes)
    {
        if (config.Heads is { } heads && heads != sizes.Heads)
            throw new StemJepaException($"{Weights}: was trained with {heads} heads, but the configuration asks for {sizes.Heads}.");
        TimePositions positions = config.TimePositions ?? TimePositions.Absolute;
        if (positions == TimePositions.Rotary && sizes.TimePositions == TimePositions.Absolute)
            throw new StemJepaException($"{Weights}: was trained with rotary time positions; set \"time_positions\" to \"rotary\".");
        return positions != sizes.TimePositions;
    }
}
