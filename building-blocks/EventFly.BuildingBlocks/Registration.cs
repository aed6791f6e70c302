using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace EventFly.BuildingBlocks;

/// <summary>The words of a service's table of contents: what it stores and what it reacts to.</summary>
public static class Registration
{
    /// <summary>The service keeps streams of this aggregate.</summary>
    public static IServiceCollection AddStream<TState, TEvent>(this IServiceCollection services, StreamDefinition<TState, TEvent> definition)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        services.AddOptions<StreamsOptions>().BindConfiguration("Streams").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Streams>();
        services.AddSingleton(definition);
        return services;
    }

    /// <summary>The service keeps documents of this type; its collection is declared at start.</summary>
    public static IServiceCollection AddDocuments<T>(this IServiceCollection services, DocumentType<T> type)
        where T : class
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(type);
        services.AddSingleton(type.Definition);
        services.AddSingleton<Documents<T>>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CollectionDeclaration>());
        return services;
    }

    /// <summary>The service speaks on the bus under this name and relays what it announces. Call it after the last AddDocuments.</summary>
    public static IServiceCollection AddMessaging(this IServiceCollection services, string service)
    {
        services.AddHostedService<Relay>();
        return services.AddListening(service);
    }

    /// <summary>The process listens on the bus under this name and says nothing itself. Part of <see cref="AddMessaging"/>.</summary>
    public static IServiceCollection AddListening(this IServiceCollection services, string service)
    {
        services.AddOptions<MessagingOptions>()
            .BindConfiguration("Messaging")
            .Configure(options => options.Service = service)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton<Reactions>();
        services.TryAddSingleton<Dispatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<Dispatcher>());
        return services;
    }

    /// <summary>The service reacts to a contract.</summary>
    public static IServiceCollection On<TMessage, THandler>(this IServiceCollection services)
        where TMessage : class
        where THandler : class, IHandle<TMessage>
    {
        services.AddScoped<THandler>();
        services.AddSingleton(Reactions.Of<TMessage, THandler>());
        return services;
    }
}
