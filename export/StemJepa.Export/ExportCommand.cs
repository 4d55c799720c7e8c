using System.CommandLine;

namespace StemJepa.Export;

/// <summary>The command line of the exporter. Exit codes: 0 done, 1 bad data, 2 wrong use; errors are one line on standard error.</summary>
internal static class ExportCommand
{
    internal const int Done = 0, BadData = 1, WrongUse = 2;

    /// <summary>Runs the command.</summary>
    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        var from = new Option<string>("--from")
        {
            Description =
                "Weights to export, with the tensor names of the published code: a .safetensors file, or a PyTorch checkpoint (.ckpt, "
                    + ".pt).",
            Required = true,
        };
        var to = new Option<string>("--out")
        {
            Description = "Model folder to write; an older model folder of that name is replaced.",
            Required = true,
        };
        var precision = new Option<string>("--precision")
        {
            Description = "fp32; fp16: products of linear layers in 16-bit floats, for CUDA, half the size; "
                + "int8: in 8-bit integers, faster, a quarter of the size, slightly less accurate.",
            DefaultValueFactory = _ => ExportOptions.Float32,
        };
        precision.AcceptOnlyFromAmong(ExportOptions.Float32, ExportOptions.Float16, ExportOptions.Int8);
        var heads = new Option<int?>("--heads")
        {
            Description = "Attention heads, for weights without a configuration; by default one per 64 channels.",
        };
        var separate = new Option<bool>("--separate-encoders") { Description = "Write two encoders even if their weights are equal." };
        var shared = new Option<bool>("--shared-encoder") { Description = "Write one encoder: the target encoder also takes the mixes." };
        var name = new Option<string>("--name")
        {
            Description = "The model's name; by default the one in the weights file, else the file's name.",
        };
        var license = new Option<string>("--license")
        {
            Description = "SPDX expression of the weights' licence; by default the one in the weights file.",
        };
        var metrics = new Option<string>("--metrics")
        {
            Description = "Results file of 'evaluate retrieval', whose figures go into model.json.",
        };
        var command = new RootCommand("Exports Stem-JEPA weights as encoder.onnx, predictor.onnx and model.json.")
        {
            from, to, precision, heads, separate, shared, name, license, metrics,
        };
        command.Subcommands.Add(HeadsCommand.Create(output, error));
        command.Subcommands.Add(BackgroundCommand.Create(output, error));
        command.SetAction(parsed => Run(new ExportOptions
        {
            From = parsed.GetRequiredValue(from),
            Out = parsed.GetRequiredValue(to),
            Precision = parsed.GetRequiredValue(precision),
            Encoders = parsed.GetValue(shared) ? EncoderSharing.Shared : parsed.GetValue(separate)
                ? EncoderSharing.Separate : EncoderSharing.Automatic,
            Heads = parsed.GetValue(heads),
            Name = parsed.GetValue(name),
            License = parsed.GetValue(license),
            Metrics = parsed.GetValue(metrics),
        }, output, error));
        command.Validators.Add(result =>
        {
            if (result.GetValue(separate) && result.GetValue(shared))
                result.AddError("--separate-encoders and --shared-encoder exclude each other; give one of them.");
            foreach (Option<string> option in new[] { from, to, name, license, metrics })
            {
                if (result.GetResult(option) is not null && string.IsNullOrWhiteSpace(result.GetValue(option)))
                    result.AddError($"{option.Name} is empty; give a value or leave it out.");
            }
        });
        ParseResult parsed = command.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            error.WriteLine(
                $"{string.Join(" ", parsed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))} See --help.");
            return WrongUse;
        }
        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });
    }

    private static int Run(ExportOptions options, TextWriter output, TextWriter error)
    {
        try
        {
            ModelInfo model = ModelExporter.Export(options);
            string files = string.Join(", ", model.Sha256.Keys.Select(file =>
                $"{file} ({new FileInfo(Path.Combine(options.Out, file)).Length / 1e6:0.0} MB)"));
            output.WriteLine($"{options.Out}: {model.Name}, {files}, {ModelInfo.FileName}");
            return Done;
        }
        catch (StemJepaException failure)
        {
            error.WriteLine(failure.Message);
            return BadData;
        }
    }
}
