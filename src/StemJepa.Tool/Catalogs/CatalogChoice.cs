using StemJepa.Tool.Output;

namespace StemJepa.Tool.Catalogs;

/// <summary>Opens the catalogue that an option names: a folder, or an address that begins with <c>redis://</c>.</summary>
internal static class CatalogChoice
{
    /// <summary>Refuses what cannot be a catalogue, before anything else is done.</summary>
    /// <exception cref="UsageException">It is a file, or an address that cannot be read.</exception>
    public static void Require(string option, string place)
    {
        if (VectorSetAddress.IsMeant(place))
        {
            if (!VectorSetAddress.TryParse(place, out _, out string? problem))
                throw new UsageException($"{option} {problem}.");
        }
        else if (File.Exists(place))
        {
            throw new UsageException($"{option} '{place}' is a file; give a folder.");
        }
    }

    /// <summary>Opens the catalogue of <c>--to</c>; makes it if it is missing.</summary>
    /// <exception cref="UsageException">A precision is given for servers.</exception>
    /// <exception cref="StemJepaException">It cannot be written, it is damaged, or it holds another model's embeddings.</exception>
    public static ICatalog OpenOrCreate(string place, ModelInfo model, CatalogPrecision? precision, CancellationToken cancellationToken)
    {
        Require("--to", place);
        if (!VectorSetAddress.IsMeant(place))
            return FolderCatalog.OpenOrCreate(place, model, precision, cancellationToken);
        return precision is null or CatalogPrecision.Single
            ? ServerCatalog.OpenOrCreate(place, model, cancellationToken)
            : throw new UsageException("--precision int8 is for folders; servers keep single values: leave it out.");
    }

    /// <summary>Opens the catalogue of <c>--in</c>.</summary>
    /// <exception cref="UsageException">It is no folder and no address.</exception>
    /// <exception cref="StemJepaException">
    /// It is none, it is damaged, it cannot be reached, or it holds another model's embeddings.
    /// </exception>
    public static ICatalog Open(string place, ModelInfo? model, VectorSetSearch search, CancellationToken cancellationToken)
    {
        Require("--in", place);
        if (VectorSetAddress.IsMeant(place))
            return ServerCatalog.Open(place, model, search, cancellationToken);
        return Directory.Exists(place)
            ? FolderCatalog.Open(place, model, cancellationToken)
            : throw new UsageException($"--in '{place}' is not a folder; give a catalogue that 'stemjepa index' made.");
    }
}
