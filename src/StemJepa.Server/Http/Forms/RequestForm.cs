using System.Globalization;
using StemJepa.Server.Uploads;
using StemJepa.Server.Work;

namespace StemJepa.Server.Http.Forms;

/// <summary>
/// The fields of one request, from a form with files or from JSON. Files that were sent are deleted with it. Not thread-safe.
/// </summary>
internal sealed class RequestForm(FormSchema schema, UploadStore uploads) : IDisposable
{
    private readonly List<(FormField Field, string Value)> _values = [];
    private readonly List<(FormField Field, Upload Upload)> _files = [];

    /// <summary>How many files were sent.</summary>
    public int Files => _files.Count;

    /// <exception cref="RequestException">There is no such field, or it is there already.</exception>
    public FormField Require(string name)
    {
        FormField field = schema.Find(name)
            ?? throw RequestException.Bad(
                $"There is no field '{name}'; use {string.Join(", ", schema.Fields.Select(known => known.Name))}.");
        bool isThere = _values.Exists(value => value.Field == field) || _files.Exists(file => file.Field == field);
        return field.IsMany || !isThere ? field : throw RequestException.Bad($"The field '{name}' is given twice; give it once.");
    }

    public void Add(FormField field, string value) => _values.Add((field, value));

    /// <summary>Takes over a file that was sent.</summary>
    public void Add(FormField field, Upload file) => _files.Add((field, file));

    /// <summary>Keeps a file beyond the request.</summary>
    public Upload Keep(FormField field)
    {
        int index = _files.FindIndex(file => file.Field == field);
        if (index < 0)
            throw RequestException.Bad($"The field '{field.Name}' is missing; send a recording as a file of a form.");
        Upload upload = _files[index].Upload;
        _files.RemoveAt(index);
        return upload;
    }

    /// <summary>Uploads that were sent for a field, and then the ids that were given for it.</summary>
    public (IReadOnlyList<Upload> Files, IReadOnlyList<string> Ids) Sounds(FormField field) =>
        ([.. _files.Where(file => file.Field == field).Select(file => file.Upload)], Texts(field));

    public IReadOnlyList<string> Texts(FormField field) => [.. _values.Where(value => value.Field == field).Select(value => value.Value)];

    public string? Text(FormField field) => _values.Find(value => value.Field == field).Value is { Length: > 0 } text ? text : null;

    public string RequiredText(FormField field) => Text(field) ?? throw Missing(field);

    /// <exception cref="RequestException">It is missing, or no stem.</exception>
    public Stem Stem(FormField field) => OptionalStem(field) ?? throw Missing(field);

    /// <summary>Stems, at least one and each once.</summary>
    public IReadOnlyList<Stem> Stems(FormField field)
    {
        Stem[] stems = [.. Texts(field).SelectMany(text => text.Split(',')).Select(text => Parse(field, text.Trim()))];
        if (stems.Length == 0)
            throw Missing(field);
        return stems.Distinct().Count() == stems.Length
            ? stems
            : throw RequestException.Bad($"{field.Name} names a stem twice; name each once.");
    }

    public Stem? OptionalStem(FormField field) => Text(field) is { } text ? Parse(field, text) : null;

    private static Stem Parse(FormField field, string text) => StemField.Parse(field.Name, text);

    public double? Number(FormField field)
    {
        if (Text(field) is not { } text)
            return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            && number >= field.Minimum && number <= field.Maximum && (field.Kind != FieldKind.Integer || number == Math.Floor(number)))
            return number;
        throw RequestException.Bad($"{field.Name} '{text}' is not usable; use {Range(field)}.");
    }

    public int? Integer(FormField field) => (int?)Number(field);

    public bool Flag(FormField field) => Text(field)?.ToLowerInvariant() switch
    {
        null or "false" or "0" or "no" or "off" => false,
        "true" or "1" or "yes" or "on" => true,
        string text => throw RequestException.Bad($"{field.Name} '{text}' is neither true nor false; use one of these."),
    };

    public RequestException Missing(FormField field) =>
        RequestException.Bad($"The field '{field.Name}' is missing: {char.ToLowerInvariant(field.Description[0])}{field.Description[1..]}");

    public void Dispose()
    {
        foreach ((_, Upload upload) in _files)
            uploads.Delete(upload.Id);
        _files.Clear();
    }

    private static string Range(FormField field)
    {
        string number = field.Kind == FieldKind.Integer ? "a whole number" : "a number";
        return (double.IsFinite(field.Minimum), double.IsFinite(field.Maximum)) switch
        {
            (true, true) => FormattableString.Invariant($"{number} from {field.Minimum} to {field.Maximum}"),
            (true, false) => FormattableString.Invariant($"{number} of {field.Minimum} or more"),
            (false, true) => FormattableString.Invariant($"{number} of {field.Maximum} or less"),
            _ => number,
        };
    }
}
