using System.Text.Json.Serialization;
using StemJepa.Training.Corpora;
using StemJepa.Training.Networks;

namespace StemJepa.Training.Training;

/// <summary>
/// One experiment: everything that decides the weights besides the songs. Written to <c>config.json</c> of the run folder; the paper's
/// values (section 3.3) unless a preset says otherwise.
/// </summary>
internal sealed record TrainingSettings
{
    /// <summary>Sizes of the networks.</summary>
    public required NetworkSizes Sizes { get; init; }

    /// <summary>The weights that the run starts from, encoders and predictor; none starts from random ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StartingWeights? StartedFrom { get; init; }

    /// <summary>Seed of the weights and of every random choice.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Steps of the contrastive stage.</summary>
    public int ContrastiveSteps { get; init; } = 20_000;

    /// <summary>Steps of the JEPA stage, which follows it.</summary>
    public int JepaSteps { get; init; } = 300_000;

    /// <summary>Windows per step of the contrastive stage; each gives four stems and one mix.</summary>
    public int ContrastiveBatch { get; init; } = 64;

    /// <summary>Pairs of context and target per step of the JEPA stage.</summary>
    public int JepaBatch { get; init; } = 256;

    /// <summary>Seconds of a window of the contrastive stage, a multiple of 0.16 up to 8.</summary>
    public double ContrastiveWindowSeconds { get; init; } = 8;

    /// <summary>Seconds of a window of the JEPA stage, a multiple of 0.16 up to 8.</summary>
    public double JepaWindowSeconds { get; init; } = 8;

    /// <summary>The last steps of the JEPA stage, with windows as long as retrieval's, 8 s; 0 is none.</summary>
    public int JepaLongSteps { get; init; }

    /// <summary>Pairs of context and target in each of those steps.</summary>
    public int JepaLongBatch { get; init; } = 256;

    /// <summary>Learning rate at the end of the warm-up of the contrastive stage.</summary>
    public double ContrastiveLearningRate { get; init; } = 3e-4;

    /// <summary>Learning rate at the end of the warm-up of the JEPA stage.</summary>
    public double JepaLearningRate { get; init; } = 3e-4;

    /// <summary>Steps of the linear warm-up of each stage; a cosine to zero follows.</summary>
    public int WarmupSteps { get; init; } = 2000;

    /// <summary>Decoupled weight decay of AdamW, on matrices and convolutions only.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>Largest norm of the gradient.</summary>
    public double GradientClip { get; init; } = 3.0;

    /// <summary>Rate of the moving average at the start of the JEPA stage.</summary>
    public double TauStart { get; init; } = 0.99995;

    /// <summary>Rate of the moving average at its end, reached linearly.</summary>
    public double TauEnd { get; init; } = 0.99999;

    /// <summary>Temperature of the contrastive losses.</summary>
    public double Temperature { get; init; } = 0.1;

    /// <summary>
    /// Weight, beside the paper's regression loss, of InfoNCE between the time-averaged prediction and the encoder's own embedding of the
    /// recording; 0 is the paper's.
    /// </summary>
    public double JepaContrastiveWeight { get; init; }

    /// <summary>
    /// Share, in the contrastive losses, of the comparison in time (frame-wise); the rest compares averages over time. 0..1.
    /// </summary>
    public double MomentwiseShare { get; init; }

    /// <summary>
    /// Share of the contexts that are all other stems of the window; the rest are any subsets of them. 0 is the paper's. 0..1.
    /// </summary>
    public double FullContextShare { get; init; }

    /// <summary>
    /// Weight of the shift contrast (see <see cref="Losses.ShiftContrast"/>): the prediction must tell by how many patches of 0.16 s the
    /// recording's window began later than the context's, among all shifts of up to half a window. 0 is none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double ShiftWeight { get; init; }

    /// <summary>
    /// The most patches by which a recording's window begins before or after its context's in the JEPA stage, up to half a window; the
    /// losses in time compare what the two share. 0 is the paper's.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ShiftPatches { get; init; }

    /// <summary>
    /// How much the cosines of all predicted with all recorded patches of a batch are to follow the correlations of the targets' pitch
    /// classes (see <see cref="TimeFeatures"/>); only with <see cref="ShiftPatches"/> 0. 0 is none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double PitchClassWeight { get; init; }

    /// <summary>The same of their onsets.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double OnsetWeight { get; init; }

    /// <summary>
    /// Places of each drawn song that a batch holds, at least a window apart, so that the contrastive losses distinguish them; pairs whose
    /// targets are nearly equal are left out (see <see cref="Repeats"/>). A song that is too short has fewer. Absent is 1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PlacesPerSong { get; init; }

    /// <summary>
    /// Share of the pairs of the JEPA stage whose target is a mix: the stem and each sounding stem that is not in the context, with one
    /// chance in two. Their label is the mean of the stems' vectors. 0 is the paper's. 0..1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double SubmixShare { get; init; }

    /// <summary>
    /// Instrument families (<see cref="InstrumentFamilies.All"/>) that the predictor has labels for beside the four roles. Absent is none,
    /// as in the paper.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Families { get; init; }

    /// <summary>
    /// Share of the pairs of the JEPA stage whose target is a family that sounds in the window, where the corpus has families: batches of
    /// one family instead of one role, and single pairs where a batch has several stems of each window. Their context is any subset of the
    /// other roles and, with one chance in two, what is left of the family's own role. 0..1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double FamilyShare { get; init; }

    /// <summary>
    /// Seconds of the windows of the JEPA stage, multiples of 0.16 up to 8: one of them for each batch, with as many pairs that pairs x
    /// seconds stay about the same. Absent is <see cref="JepaWindowSeconds"/> always.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? JepaWindowChoices { get; init; }

    /// <summary>
    /// The most seconds by which each stem of a window is late or early, since people do not play on the grid and recordings have delays.
    /// 0 to 0.1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double OffsetSeconds { get; init; }

    /// <summary>
    /// Share of the windows whose bass is part of other, as in songs that have no bass by itself, where bass is not the target. 0..1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double MergedShare { get; init; }

    /// <summary>Share of the windows whose bass takes the place of other, where bass is not the target. 0..1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double LoneBassShare { get; init; }

    /// <summary>
    /// Share of the batches of the JEPA stage, except those of a family of instruments, whose songs are all of one kind of music
    /// (<c>genre_family</c> of <c>song.json</c>), so that what they have in common does not distinguish them. 0..1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double GenreShare { get; init; }

    /// <summary>
    /// Share of those batches whose songs are played at speeds, among those of <see cref="VarispeedSemitones"/>, that bring them to one
    /// tempo (or half or twice of it), so that tempo does not distinguish them; songs without a known tempo are not among them. 0..1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double TempoShare { get; init; }

    /// <summary>Label smoothing of InfoNCE in the JEPA stage. 0 up to, not including, 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double LabelSmoothing { get; init; }

    /// <summary>Whether the predictor takes the label of the missing stem, as the paper's does.</summary>
    public bool LabelConditioning { get; init; } = true;

    /// <summary>Share of the songs that are trained on, to measure the value of more songs. Greater than 0, up to 1.</summary>
    public double SongShare { get; init; } = 1;

    /// <summary>
    /// Whether a batch is computed as a whole, which is faster and takes about 8 MB of memory per clip for <c>small</c>, and not in parts
    /// with gradient caching, whose memory does not grow with the batch.
    /// </summary>
    public bool WholeBatch { get; init; }

    /// <summary>Largest random gain of a stem, in decibels, either way.</summary>
    public double GainDecibels { get; init; } = 6;

    /// <summary>
    /// Largest random tilt of a spectrum between its ends and its middle, in decibels, with random low-pass and noise floor; 0 is none of
    /// them.
    /// </summary>
    public double TiltDecibels { get; init; }

    /// <summary>Share of the spectrograms that are put into a <see cref="Room"/> with reverb. 0..1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double ReverbShare { get; init; }

    /// <summary>
    /// Share of the recordings and mixes that are clipped, by up to <see cref="Clipping.MostDecibels"/> dB of their peak. 0..1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double ClippedShare { get; init; }

    /// <summary>Share of the recordings and mixes that are compressed or limited. 0..1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double CompressedShare { get; init; }

    /// <summary>Share that are saturated as an amplifier does. 0..1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double SaturatedShare { get; init; }

    /// <summary>Share with chorus. 0..1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double ChorusShare { get; init; }

    /// <summary>Share behind a low-pass that moves. 0..1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double MovingFilterShare { get; init; }

    /// <summary>Share with a tape's wow. 0..1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double WowShare { get; init; }

    /// <summary>Share with noise and hum. 0..1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double NoiseShare { get; init; }

    /// <summary>Share that are silent at the start or at the end. 0..1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double SilentEdgeShare { get; init; }

    /// <summary>Share of the single stems into which the other stems of the window leak, at -40 to -15 dB. 0..1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double BleedShare { get; init; }

    /// <summary>
    /// Largest random change of speed, pitch and tempo together, of all stems of a window, in whole semitones either way.
    /// </summary>
    public int VarispeedSemitones { get; init; }

    /// <summary>Peak, of full scale, over which a stem counts as active in a window.</summary>
    public double ActivePeak { get; init; } = CorpusAudio.SoundingPeak;

    /// <summary>Steps between two retrievals on the validation songs; 0 is never.</summary>
    public int ValidationSteps { get; init; } = 2000;

    /// <summary>Number of the predictor's labels: the four roles, then the families.</summary>
    [JsonIgnore]
    public int Labels => CorpusAudio.Stems + (Families?.Length ?? 0);

    /// <summary>Steps of both stages.</summary>
    public int TotalSteps => ContrastiveSteps + JepaSteps;

    /// <summary>The settings of a preset: <c>base</c> is the paper's, <c>small</c> trains on two processor cores in hours.</summary>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static TrainingSettings Preset(string name)
    {
        var paper = new TrainingSettings { Sizes = NetworkSizes.Preset(name) };
        return name == "base" ? paper : paper with
        {
            ContrastiveSteps = 1200,
            JepaSteps = 4000,
            JepaLongSteps = 1000,
            JepaLongBatch = 64,
            ContrastiveBatch = 64,
            ContrastiveWindowSeconds = 4,
            JepaBatch = 96,
            JepaWindowSeconds = 4,
            ContrastiveLearningRate = 1e-3,
            JepaLearningRate = 7e-4,
            WarmupSteps = 40,
            TauStart = 0.98,
            TauEnd = 0.995,
            Temperature = 0.07,
            JepaContrastiveWeight = 4,
            MomentwiseShare = 0.2,
            FullContextShare = 0.5,
            WholeBatch = true,
            VarispeedSemitones = 3,
            TiltDecibels = 6,
            ValidationSteps = 400,
        };
    }
}
