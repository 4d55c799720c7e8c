namespace StemJepa.Server.Http.Forms;

/// <summary>What a field of a request may hold.</summary>
internal enum FieldKind
{
    /// <summary>A file, or the id of an upload or of a recording of the catalogue.</summary>
    Sound,
    Stem,
    Text,
    Number,
    Integer,
    Flag,
}

/// <summary>A field of a request: both what is accepted and what the OpenAPI document says.</summary>
/// <param name="Name">Its name, in forms and in JSON.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Description">One sentence.</param>
internal sealed record FormField(string Name, FieldKind Kind, string Description)
{
    public bool IsRequired { get; init; }

    /// <summary>Whether it may be given several times, in JSON as an array.</summary>
    public bool IsMany { get; init; }

    public double Minimum { get; init; } = double.NegativeInfinity;

    public double Maximum { get; init; } = double.PositiveInfinity;

    public static readonly FormField Mix = new("mix", FieldKind.Sound, "The mix without the stem.") { IsRequired = true };

    public static readonly FormField MissingStem = new("stem", FieldKind.Stem,
        "The stem that the mix lacks (vocals is the lead melody in instrumental music).") { IsRequired = true };

    public static readonly FormField Recording = new("recording", FieldKind.Sound, "The recording.") { IsRequired = true };

    public static readonly FormField Candidate =
        new("candidate", FieldKind.Sound, "The recording that is to fit.") { IsRequired = true };

    public static readonly FormField Fit = new("fit", FieldKind.Integer,
        "Fit so many of the best in tempo, key and start; they come first, by all that speaks for them then.")
    {
        Minimum = 1,
        Maximum = FitRanking.Most,
    };
}

/// <summary>Stems as requests name them.</summary>
internal static class StemField
{
    /// <exception cref="RequestException">It is no stem's name. Whether the model knows the stem is seen when it is asked.</exception>
    public static Stem Parse(string field, string text) => Stem.TryParse(text, out Stem stem) ? stem : throw RequestException.Bad(
        $"{field} '{text}' is no name of a stem; use one of {string.Join(", ", Stem.Roles)}, or another that the model knows.");
}

/// <summary>The fields that one operation takes; metadata of its endpoint.</summary>
internal sealed class FormSchema(params FormField[] fields)
{
    public IReadOnlyList<FormField> Fields { get; } = fields;

    public FormField? Find(string name) => Fields.FirstOrDefault(field => field.Name == name);
}
