using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StemJepa.Server.Http.Endpoints;
using StemJepa.Server.Http.Forms;

namespace StemJepa.Server.Http;

/// <summary>Writes the fields of operations, and their examples, into the OpenAPI document.</summary>
internal sealed class OpenApiForms(IStemAffinity model) : IOpenApiOperationTransformer, IOpenApiDocumentTransformer
{
    private const string Form = "multipart/form-data", Json = "application/json";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "StemJepa";
        document.Info.Version = StateEndpoints.Version;
        document.Info.Description =
            "Which of these recordings fits my mix? Errors are application/problem+json, whose detail is one sentence.";
        return Task.CompletedTask;
    }

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (OpenApiParameter parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            bool isUpload = context.Description.RelativePath?.Contains("uploads", StringComparison.Ordinal) == true;
            parameter.Description = isUpload ? "The id of an upload." : "The id of a recording of the catalogue.";
            parameter.Example = isUpload ? Example.UploadId : Example.RecordingId;
        }
        operation.Tags?.Clear();
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<FormSchema>().FirstOrDefault() is not { } schema)
            return Task.CompletedTask;
        var examples = metadata.OfType<Example>().ToLookup(example => example.MediaType);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>(),
        };
        foreach (string type in (string[])[Form, Json])
        {
            if (examples[type].Any())
                operation.RequestBody.Content!.Add(type, Describe(schema, type, examples[type]));
        }
        return Task.CompletedTask;
    }

    private OpenApiMediaType Describe(FormSchema schema, string type, IEnumerable<Example> examples) => new()
    {
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = schema.Fields.ToDictionary(field => field.Name, field => (IOpenApiSchema)Describe(field, type)),
            Required = schema.Fields.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet(),
        },
        Examples = examples.ToDictionary(example => example.Name, example => (IOpenApiExample)new OpenApiExample
        {
            Value = new JsonObject(example.Fields.Select(field => KeyValuePair.Create(field.Key, ToJson(field.Value)))),
        }),
    };

    private OpenApiSchema Describe(FormField field, string type)
    {
        var one = new OpenApiSchema
        {
            Description = field.Description,
            Type = field.Kind switch
            {
                FieldKind.Number => JsonSchemaType.Number,
                FieldKind.Integer => JsonSchemaType.Integer,
                FieldKind.Flag => JsonSchemaType.Boolean,
                _ => JsonSchemaType.String,
            },
            Format = field.Kind == FieldKind.Sound && type == Form ? "binary" : null,
            Enum = field.Kind == FieldKind.Stem ? [.. model.Model.Stems.Select(stem => (JsonNode)stem.Name)] : null,
            Minimum = Bound(field.Minimum),
            Maximum = Bound(field.Maximum),
        };
        if (field.Kind == FieldKind.Sound)
            one.Description += type == Form ? " A file, or the id of an upload or a recording." : " The id of an upload or a recording.";
        return field.IsMany ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one, Description = one.Description } : one;
    }

    private static string? Bound(double value) =>
        double.IsFinite(value) ? value.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;

    private static JsonNode? ToJson(object value) => value switch
    {
        string[] many => new JsonArray([.. many.Select(item => (JsonNode)item)]),
        string text => text,
        bool flag => flag,
        int number => number,
        double number => number,
        _ => throw new InvalidOperationException($"An example holds a {value.GetType().Name}."),
    };
}
