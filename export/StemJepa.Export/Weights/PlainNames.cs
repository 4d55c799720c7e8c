using System.Collections.Immutable;
using StemJepa.Training.Networks;

namespace StemJepa.Export.Weights;

/// <summary>
/// The tensors of a file by the names that they have without <c>torch.compile</c>, which puts <c>_orig_mod.</c> into them.
/// </summary>
internal sealed class PlainNames : ITensorFile
{
    private const string Compiled = "_orig_mod.";

    private readonly ITensorFile _file;
    private readonly Dictionary<string, string> _stored = [];

    /// <param name="file">The tensors; owned by the new object, unless this throws.</param>
    /// <exception cref="StemJepaException">Two tensors have the same plain name.</exception>
    public PlainNames(ITensorFile file)
    {
        _file = file;
        foreach (string name in file.Shapes.Keys)
        {
            string plain = name.Replace(Compiled, "", StringComparison.Ordinal);
            if (!_stored.TryAdd(plain, name))
                throw new StemJepaException(
                    $"{FilePath}: holds tensor '{plain}' twice, as '{_stored[plain]}' and as '{name}'; save the model once.");
        }
        Shapes = _stored.ToDictionary(name => name.Key, name => _file.Shapes[name.Value]);
    }

    public string FilePath => _file.FilePath;

    public IReadOnlyDictionary<string, ImmutableArray<long>> Shapes { get; }

    public float[] ReadFloats(string name) => _file.ReadFloats(_stored.GetValueOrDefault(name, name));

    public void Dispose() => _file.Dispose();
}
