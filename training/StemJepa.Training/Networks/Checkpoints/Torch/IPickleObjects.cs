namespace StemJepa.Training.Networks;

/// <summary>What a pickle may name. All members throw <see cref="InvalidDataException"/> with the name of what is not allowed.</summary>
internal interface IPickleObjects
{
    /// <summary>What stands for a constructor or function, such as <c>collections.OrderedDict</c>.</summary>
    object Global(string module, string name);

    /// <summary>What a call of it gives.</summary>
    object? Call(object callable, object?[] arguments);

    /// <summary>What stands outside of the pickle under this identifier.</summary>
    object? Persistent(object? identifier);
}
