using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StemJepa.Server.Http.Forms;
using StemJepa.Server.Uploads;
using StemJepa.Server.Work;

namespace StemJepa.Server.Http.Endpoints;

/// <summary>Candidates in the tempo and key of a mix: alone, or in it.</summary>
internal static class FitEndpoints
{
    private static readonly FormField NoStretch = new("no_stretch", FieldKind.Flag, "Leave the tempo of the candidate as it is.");

    private static readonly FormField NoTranspose = new("no_transpose", FieldKind.Flag, "Leave the pitch of the candidate as it is.");

    private static readonly FormField Gain =
        new("gain", FieldKind.Number, "Decibels on top of the loudness that is usual for the stem.")
        {
            Minimum = -FitRenderOptions.LargestGain,
            Maximum = FitRenderOptions.LargestGain,
        };

    private static readonly FormField Bars =
        new("bars", FieldKind.Integer, "Only so many bars of the mix, from where the candidate begins.") { Minimum = 1, Maximum = 10000 };

    private static readonly FormField Stems =
        new("stems", FieldKind.Stem, "The stems that the mix lacks, in the order in which they are looked for.")
        {
            IsRequired = true,
            IsMany = true,
        };

    private static readonly FormField Beam =
        new("beam", FieldKind.Integer, "How many arrangements are kept after each stem.") { Minimum = 1, Maximum = 10 };

    private static readonly FormField Candidates =
        new("candidates", FieldKind.Integer, "How many recordings are fitted for each of them.") { Minimum = 1, Maximum = 50 };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOperation("/api/complete", "complete", "Completes a mix with recordings of the catalogue, stem by stem.",
            new FormSchema(FormField.Mix, Stems, Beam, Candidates), CompleteAsync,
            Example.Form("file", ("mix", "mix.wav"), ("stems", new[] { "bass" }), ("beam", 1), ("candidates", 1)));
        routes.MapOperation("/api/fit", "fit", "Fits a recording to a mix in tempo, key, start and loudness; its sound is an upload.",
            new FormSchema(FormField.Mix, FormField.Candidate, FormField.MissingStem, NoStretch, NoTranspose, Gain), FitAsync,
            Example.Form("files", ("mix", "mix.wav"), ("candidate", "bass.wav"), ("stem", "bass")),
            Example.Json("ids", ("mix", Example.UploadId), ("candidate", Example.RecordingId), ("stem", "bass"), ("no_transpose", true)));
        routes.MapOperation("/api/preview", "preview", "Fits a recording to a mix, and mixes both; the sound is an upload.",
            new FormSchema(FormField.Mix, FormField.Candidate, FormField.MissingStem, NoStretch, NoTranspose, Gain, Bars), PreviewAsync,
            Example.Form("files", ("mix", "mix.wav"), ("candidate", "bass.wav"), ("stem", "bass"), ("bars", 2)),
            Example.Json("ids", ("mix", Example.UploadId), ("candidate", Example.RecordingId), ("stem", "bass"), ("gain", -3.0)));
    }

    private static async Task<FitDocument> FitAsync(HttpContext context, RequestForm form)
    {
        (Fitted fitted, Sound candidate) = await RunAsync(context, form).ConfigureAwait(false);
        return Keep(context, fitted, $"{Path.GetFileNameWithoutExtension(candidate.Name)} fitted.wav", fitted.Rendered.Audio);
    }

    private static async Task<FitDocument> PreviewAsync(HttpContext context, RequestForm form)
    {
        int? bars = form.Integer(Bars);
        (Fitted fitted, Sound candidate) = await RunAsync(context, form).ConfigureAwait(false);
        return Keep(context, fitted, $"{Path.GetFileNameWithoutExtension(candidate.Name)} in the mix.wav",
            fitted.Rendered.UnderMix(fitted.Mix, bars));
    }

    private static async Task<CompleteDocument> CompleteAsync(HttpContext context, RequestForm form)
    {
        IReadOnlyList<Stem> stems = form.Stems(Stems);
        var usual = new StemCompleterOptions();
        var completing = new StemCompleterOptions
        {
            Beam = form.Integer(Beam) ?? usual.Beam,
            Candidates = form.Integer(Candidates) ?? usual.Candidates,
        };
        Sound mix = await context.RequestServices.GetRequiredService<SoundResolver>()
            .OneAsync(form, FormField.Mix, context.RequestAborted).ConfigureAwait(false);
        IReadOnlyList<Arrangement> arrangements = await context.RequestServices.GetRequiredService<StemWorker>()
            .CompleteAsync(mix, stems, completing, null, context.RequestAborted).ConfigureAwait(false);
        Upload best = context.RequestServices.GetRequiredService<UploadStore>().Create(
            $"{Path.GetFileNameWithoutExtension(mix.Name)} complete.wav", path => arrangements[0].Audio.Save(path));
        return CompleteDocument.From(mix.Name, arrangements, UploadDocument.From(best));
    }

    private static async Task<(Fitted Fitted, Sound Candidate)> RunAsync(HttpContext context, RequestForm form)
    {
        Stem stem = form.Stem(FormField.MissingStem);
        var fitting = new StemFitOptions { Stretch = !form.Flag(NoStretch), Transpose = !form.Flag(NoTranspose) };
        var rendering = new FitRenderOptions { GainDecibels = form.Number(Gain) ?? 0 };
        SoundResolver sounds = context.RequestServices.GetRequiredService<SoundResolver>();
        Sound mix = await sounds.OneAsync(form, FormField.Mix, context.RequestAborted).ConfigureAwait(false);
        Sound candidate = await sounds.OneAsync(form, FormField.Candidate, context.RequestAborted).ConfigureAwait(false);
        Fitted fitted = await context.RequestServices.GetRequiredService<StemWorker>()
            .FitAsync(mix, candidate, stem, fitting, rendering, context.RequestAborted).ConfigureAwait(false);
        return (fitted, candidate);
    }

    private static FitDocument Keep(HttpContext context, Fitted fitted, string name, MultichannelClip clip)
    {
        Upload upload = context.RequestServices.GetRequiredService<UploadStore>().Create(name, path => clip.Save(path));
        return FitDocument.From(fitted, UploadDocument.From(upload));
    }
}

/// <summary>How a recording was fitted to a mix.</summary>
/// <param name="AffinityBefore">The affinity in time of the candidate as it is, starting with the mix, -1..1.</param>
/// <param name="Affinity">The affinity in time of the fitted candidate where it lies, -1..1.</param>
/// <param name="Semitones">Its transposition.</param>
/// <param name="TempoRatio">Its new tempo / its old tempo.</param>
/// <param name="Start">Seconds from the mix's first sample to that of the fitted candidate; negative: before it.</param>
/// <param name="Seconds">How long the fitted candidate plays.</param>
/// <param name="Loop">Whether it repeats under the mix.</param>
/// <param name="Period">Seconds from one beginning of a loop to the next; null if it is none.</param>
/// <param name="Gain">By how many decibels it was made louder.</param>
/// <param name="MixTempo">BPM.</param>
/// <param name="CandidateTempo">BPM.</param>
/// <param name="MixKey">Such as <c>A minor</c>.</param>
/// <param name="CandidateKey">As it was; it means nothing for drums.</param>
/// <param name="Rhythm">How well its onsets coincide with the mix's: their correlation, -1..1.</param>
/// <param name="RhythmRelation">The same as a word: tight, loose or apart.</param>
/// <param name="Warnings">A sentence for each recording that is silent or too short, of which a fit says nothing.</param>
/// <param name="Sound">The WAV file of 24 bits, as an upload.</param>
internal sealed record FitDocument(
    [property: JsonPropertyName("affinity_before")] float AffinityBefore, float Affinity, int Semitones,
    [property: JsonPropertyName("tempo_ratio")] double TempoRatio, double Start, double Seconds, bool Loop, double? Period, double Gain,
    [property: JsonPropertyName("mix_tempo")] double MixTempo, [property: JsonPropertyName("candidate_tempo")] double CandidateTempo,
    [property: JsonPropertyName("mix_key")] string MixKey, [property: JsonPropertyName("candidate_key")] string CandidateKey,
    float Rhythm, [property: JsonPropertyName("rhythm_relation")] string RhythmRelation, IReadOnlyList<string> Warnings,
    UploadDocument Sound)
{
    public static FitDocument From(Fitted fitted, UploadDocument sound)
    {
        FittedAudio rendered = fitted.Rendered;
        StemFit fit = rendered.Fit;
        return new FitDocument(fit.AffinityBefore, fit.Affinity, fit.Semitones, fit.TempoRatio, fit.Start.TotalSeconds,
            fit.Length.TotalSeconds, fit.IsLoop, fit.Period?.TotalSeconds,
            double.IsFinite(rendered.GainDecibels) ? rendered.GainDecibels : 0, fit.MixTempo, fit.CandidateTempo,
            fit.MixKey.ToString(), fit.CandidateKey.ToString(), fit.Rhythm, fit.RhythmRelation.ToString().ToLowerInvariant(),
            fitted.Warnings, sound);
    }
}

/// <summary>How a candidate of a ranking fits.</summary>
/// <param name="AffinityBefore">The affinity in time of the candidate as it is, starting with the mix, -1..1.</param>
/// <param name="Affinity">The affinity in time of the fitted candidate where it lies, -1..1.</param>
/// <param name="Score">How much speaks for the fit in all, by which the fitted are ordered: without bounds or unit.</param>
/// <param name="Semitones">Its transposition.</param>
/// <param name="TempoRatio">Its new tempo / its old tempo.</param>
/// <param name="Start">Seconds from the mix's first sample to that of the fitted candidate; negative: before it.</param>
/// <param name="Rhythm">How well its onsets coincide with the mix's: their correlation, -1..1.</param>
/// <param name="RhythmRelation">The same as a word: tight, loose or apart.</param>
internal sealed record FittedDocument(
    [property: JsonPropertyName("affinity_before")] float AffinityBefore, float Affinity, float Score, int Semitones,
    [property: JsonPropertyName("tempo_ratio")] double TempoRatio, double Start, float Rhythm,
    [property: JsonPropertyName("rhythm_relation")] string RhythmRelation)
{
    public static FittedDocument? From(StemFit? fit) => fit is null ? null : new FittedDocument(fit.AffinityBefore, fit.Affinity,
        fit.Score, fit.Semitones, fit.TempoRatio, fit.Start.TotalSeconds, fit.Rhythm, fit.RhythmRelation.ToString().ToLowerInvariant());
}

/// <summary>Arrangements of a mix with the stems that it lacked.</summary>
/// <param name="Mix">The name of the mix.</param>
/// <param name="Arrangements">Best first.</param>
/// <param name="Sound">The best one, a WAV file of 24 bits, as an upload; null where it was not kept.</param>
internal sealed record CompleteDocument(string Mix, IReadOnlyList<ArrangementDocument> Arrangements, UploadDocument? Sound)
{
    public static CompleteDocument From(string mix, IReadOnlyList<Arrangement> arrangements, UploadDocument? sound) => new(mix,
        [.. arrangements.Select(arrangement => new ArrangementDocument(arrangement.Affinity,
            arrangement.Score, [.. arrangement.Parts.Select(PartDocument.From)]))], sound);
}

/// <summary>An arrangement.</summary>
/// <param name="Affinity">The mean of the parts' affinities after fitting, -1..1.</param>
/// <param name="Score">The sum of the parts' scores, by which arrangements are ordered: without bounds or unit.</param>
/// <param name="Parts">Its parts, in the order of the stems.</param>
internal sealed record ArrangementDocument(float Affinity, float Score, IReadOnlyList<PartDocument> Parts);

/// <summary>A recording of an arrangement.</summary>
/// <param name="Stem">The stem that it is taken as.</param>
/// <param name="Id">The id of the recording.</param>
/// <param name="File">Its id in the catalogue, such as its path.</param>
/// <param name="Affinity">The affinity in time of the fitted recording, -1..1.</param>
/// <param name="Semitones">Its transposition.</param>
/// <param name="TempoRatio">Its new tempo / its old tempo.</param>
/// <param name="Start">Seconds from the mix's first sample to that of the fitted recording; negative: before it.</param>
internal sealed record PartDocument(
    string Stem, string Id, string File, float Affinity, int Semitones, [property: JsonPropertyName("tempo_ratio")] double TempoRatio,
    double Start)
{
    public static PartDocument From(ArrangementPart part) => new(part.Fit.Stem.Name, RecordingDocument.IdOf(part.Id),
        part.Id, part.Fit.Affinity, part.Fit.Semitones, part.Fit.TempoRatio, part.Fit.Start.TotalSeconds);
}
