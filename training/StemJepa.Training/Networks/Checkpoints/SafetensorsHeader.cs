using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace StemJepa.Training.Networks;

/// <summary>The JSON header of a safetensors file: strict parsing, and writing.</summary>
internal static class SafetensorsHeader
{
    private const string MetadataName = "__metadata__";
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Reads the header's tensors in file order and checks that they fill <paramref name="dataLength"/> bytes without gap or overlap.
    /// </summary>
    /// <exception cref="StemJepaException">Anything else.</exception>
    public static (ImmutableArray<SafetensorsTensor> Tensors, ImmutableDictionary<string, string> Metadata) Parse(string path, byte[] json,
        long dataLength)
    {
        try
        {
            if (json.Length == 0 || json[0] != '{')
                throw new FormatException("it does not begin with '{'");
            using JsonDocument document =
                JsonDocument.Parse(StrictUtf8.GetString(json), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            var tensors = new List<SafetensorsTensor>();
            var metadata = ImmutableDictionary<string, string>.Empty;
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataName)
                    metadata = ParseMetadata(property.Value);
                else
                    tensors.Add(ParseTensor(property));
            }
            return (InFileOrder(tensors, dataLength), metadata);
        }
        catch (Exception error) when (
            error is JsonException or FormatException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new StemJepaException(
                $"{path}: the safetensors header is damaged ({error.Message.ReplaceLineEndings(" ")
                .TrimEnd('.')}); write or download the file again.", error);
        }
    }

    /// <summary>Serialises the header of tensors that lie in the given order, padded with spaces to a multiple of 8 bytes.</summary>
    public static byte[] Write(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject(MetadataName);
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    writer.WriteString(key, value);
                writer.WriteEndObject();
            }
            long offset = 0;
            foreach (SafetensorsEntry entry in entries)
            {
                WriteTensor(writer, entry, offset);
                offset += entry.ByteLength;
            }
            writer.WriteEndObject();
        }
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteTensor(Utf8JsonWriter writer, SafetensorsEntry entry, long offset)
    {
        if (entry.Name == MetadataName)
            throw new ArgumentException($"A tensor cannot be called '{MetadataName}'.");
        writer.WriteStartObject(entry.Name);
        writer.WriteString("dtype", entry.Type.ToString());
        writer.WriteStartArray("shape");
        foreach (long size in entry.Shape)
            writer.WriteNumberValue(size);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(offset);
        writer.WriteNumberValue(offset + entry.ByteLength);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static ImmutableDictionary<string, string> ParseMetadata(JsonElement element) =>
        element.EnumerateObject().ToImmutableDictionary(
            property => property.Name,
            property => property.Value.GetString() ?? throw new FormatException($"metadata '{property.Name}' is null, not text"));

    private static SafetensorsTensor ParseTensor(JsonProperty property)
    {
        string name = property.Name;
        if (property.Value.ValueKind != JsonValueKind.Object)
            throw new FormatException($"tensor '{name}' is not an object");
        SafetensorsType? type = null;
        long[]? shape = null, offsets = null;
        foreach (JsonProperty field in property.Value.EnumerateObject())
        {
            switch (field.Name)
            {
                case "dtype": type = ParseType(name, field.Value.GetString()); break;
                case "shape": shape = ParseNumbers(name, field.Value); break;
                case "data_offsets": offsets = ParseNumbers(name, field.Value); break;
                default: throw new FormatException($"tensor '{name}' has an unknown field '{field.Name}'");
            }
        }
        if (type is null || shape is null || offsets is not [long begin, long end])
            throw new FormatException($"tensor '{name}' lacks its dtype, shape or two data_offsets");
        long size = checked(SafetensorsTensor.ElementCount(shape) * SafetensorsTensor.ElementSize(type.Value));
        if (end - begin != size)
            throw new FormatException($"tensor '{name}' spans {end - begin} bytes, but its dtype and shape take {size}");
        return new SafetensorsTensor(name, type.Value, [.. shape], begin, size);
    }

    private static SafetensorsType ParseType(string name, string? text)
    {
        foreach (SafetensorsType type in Enum.GetValues<SafetensorsType>())
        {
            if (type.ToString() == text)
                return type;
        }
        throw new FormatException(
            $"tensor '{name}' has the dtype '{text}', but only {string.Join(", ", Enum.GetNames<SafetensorsType>())} are known");
    }

    private static long[] ParseNumbers(string name, JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array)
            throw new FormatException($"tensor '{name}' has a shape or data_offsets that is not a list");
        long[] numbers = [.. array.EnumerateArray().Select(element => element.GetInt64())];
        return numbers.Any(number => number < 0)
            ? throw new FormatException($"tensor '{name}' has a negative shape or offset")
            : numbers;
    }

    private static ImmutableArray<SafetensorsTensor> InFileOrder(List<SafetensorsTensor> tensors, long dataLength)
    {
        ImmutableArray<SafetensorsTensor> ordered = [.. tensors.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.ByteLength)];
        long position = 0;
        foreach (SafetensorsTensor tensor in ordered)
        {
            if (tensor.Offset != position)
                throw new FormatException(
                    $"tensor '{tensor.Name}' begins at byte {tensor.Offset}, but the tensors before it end at {position}");
            position += tensor.ByteLength;
        }
        if (position != dataLength)
            throw new FormatException($"the tensors take {position} bytes, but {dataLength} follow the header");
        return ordered;
    }
}
