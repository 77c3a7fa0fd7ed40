using System.ComponentModel;
using System.Reflection;

namespace Whence.Runtime.Tests.Explaining;

/// <summary>What emitted code calls is public, but no user is offered it.</summary>
public sealed class HiddenTypes
{
    private const string Emitted = "Whence.CompilerServices";

    // The eager bodies of layers, beside their attributes.
    private static readonly Type[] beside = [typeof(LayerBodies)];

    [Fact]
    public void WhatEmittedCodeCallsIsHiddenFromCompletionAndNothingElse()
    {
        var types = typeof(Signature).Assembly.GetExportedTypes().Where(type => !type.IsNested).ToList();
        Assert.Contains(types, type => type.Namespace == Emitted);
        Assert.Equal(types.Where(type => type.Namespace == Emitted).Concat(beside).Select(type => type.FullName).Order(),
            types.Where(IsHidden).Select(type => type.FullName).Order());
    }

    private static bool IsHidden(Type type) =>
        type.GetCustomAttribute<EditorBrowsableAttribute>() is { State: EditorBrowsableState.Never };
}
