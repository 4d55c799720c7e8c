using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using StemJepa.Server.Uploads;
using StemJepa.Server.Work;

namespace StemJepa.Server.Http.Forms;

/// <summary>
/// Reads requests: a form with files (multipart/form-data), whose files go to the disk as they come, or JSON with ids. Thread-safe.
/// </summary>
internal sealed class FormReader(UploadStore uploads, IOptions<StemJepaServerOptions> options)
{
    /// <summary>
    /// What is refused here is read on by the server for a moment, so that clients that are still sending see the answer; beyond this,
    /// the connection is cut.
    /// </summary>
    private const long Slack = 64L << 20;

    private const int LongestText = 64 << 10;
    private const int LongestJson = 1 << 20;
    private const int LongestBoundary = 200;
    private const int MostTexts = 1000;

    /// <exception cref="RequestException">
    /// The body is too large (413), of another type (415), or not what the schema says (400).
    /// </exception>
    public async Task<RequestForm> ReadAsync(HttpContext context, FormSchema schema)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = options.Value.MaximumUploadBytes + Slack;
        if (context.Request.ContentLength > options.Value.MaximumUploadBytes)
            throw uploads.TooLarge("The request");
        var form = new RequestForm(schema, uploads);
        try
        {
            if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type))
                throw WrongType(context.Request);
            if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
                await ReadFormAsync(form, context.Request, type, context.RequestAborted).ConfigureAwait(false);
            else if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
                await ReadJsonAsync(form, context.Request, context.RequestAborted).ConfigureAwait(false);
            else
                throw WrongType(context.Request);
            return form;
        }
        catch (Exception error) when (error is InvalidDataException or IOException && !context.RequestAborted.IsCancellationRequested)
        {
            form.Dispose();
            if (error is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
                throw uploads.TooLarge("The request");
            throw RequestException.Bad($"The form cannot be read ({error.Message.TrimEnd('.')}); send it as multipart/form-data.");
        }
        catch
        {
            form.Dispose();
            throw;
        }
    }

    private static RequestException WrongType(HttpRequest request) => new(StatusCodes.Status415UnsupportedMediaType,
        $"The body is of type '{request.ContentType}'; send multipart/form-data, or application/json with ids of recordings.");

    private async Task ReadFormAsync(RequestForm form, HttpRequest request, MediaTypeHeaderValue type, CancellationToken cancellationToken)
    {
        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > LongestBoundary)
            throw RequestException.Bad("The form names no boundary between its parts; send it as multipart/form-data with one.");
        var reader = new MultipartReader(boundary, request.Body) { BodyLengthLimit = null };
        long left = options.Value.MaximumUploadBytes;
        int texts = 0;
        while (await reader.ReadNextSectionAsync(cancellationToken).ConfigureAwait(false) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition))
                throw RequestException.Bad("A part of the form has no Content-Disposition; send it as multipart/form-data.");
            FormField field = form.Require(HeaderUtilities.RemoveQuotes(disposition.Name).ToString());
            if (disposition.IsFileDisposition())
            {
                if (field.Kind != FieldKind.Sound)
                    throw RequestException.Bad($"The field '{field.Name}' is a file; give it as text.");
                if (form.Files > options.Value.MaximumCandidates)
                    throw new RequestException(413, $"The form has more than {options.Value.MaximumCandidates} files; send fewer.");
                string name = (disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString().Trim('"');
                Upload upload = await uploads.SaveAsync(section.Body, name, left, cancellationToken).ConfigureAwait(false);
                form.Add(field, upload);
                left -= upload.Bytes;
            }
            else if (++texts > MostTexts)
                throw RequestException.Bad($"The form has more than {MostTexts} fields; send fewer.");
            else
                form.Add(field, await ReadTextAsync(section.Body, field.Name, cancellationToken).ConfigureAwait(false));
        }
    }

    private static async Task<string> ReadTextAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        var bytes = new byte[LongestText + 1];
        int count = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return count <= LongestText
            ? Encoding.UTF8.GetString(bytes, 0, count)
            : throw RequestException.Bad($"The field '{name}' is longer than {LongestText} bytes; send recordings as files.");
    }

    private static async Task ReadJsonAsync(RequestForm form, HttpRequest request, CancellationToken cancellationToken)
    {
        var bytes = new byte[LongestJson + 1];
        int count = await request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)
            .ConfigureAwait(false);
        if (count > LongestJson)
            throw new RequestException(413, $"The JSON document is larger than {LongestJson} bytes; send recordings as files of a form.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes.AsMemory(0, count));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw RequestException.Bad("The body is no JSON object; send one, such as {\"stem\": \"bass\"}.");
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
                AddJson(form, property);
        }
        catch (JsonException error)
        {
            throw RequestException.Bad($"The body cannot be read as JSON ({error.Message.TrimEnd('.')}); send one JSON object.");
        }
    }

    private static void AddJson(RequestForm form, JsonProperty property)
    {
        FormField field = form.Require(property.Name);
        if (property.Value.ValueKind == JsonValueKind.Null)
            return;
        if (property.Value.ValueKind != JsonValueKind.Array)
        {
            form.Add(field, ScalarOf(property.Value, field));
            return;
        }
        if (!field.IsMany)
            throw RequestException.Bad($"The field '{field.Name}' is an array; give one value.");
        foreach (JsonElement item in property.Value.EnumerateArray())
            form.Add(field, ScalarOf(item, field));
    }

    private static string TextOf(JsonElement value, FormField field)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw RequestException.Bad($"The field '{field.Name}' is no valid Unicode text; give one without single surrogates.");
        }
    }

    private static string ScalarOf(JsonElement value, FormField field) => value.ValueKind switch
    {
        JsonValueKind.String => TextOf(value, field),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw RequestException.Bad($"The field '{field.Name}' is of kind {value.ValueKind}; give a text, a number, true or false."),
    };
}
