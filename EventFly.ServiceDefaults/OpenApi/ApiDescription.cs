using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;

namespace EventFly.ServiceDefaults.OpenApi;

/// <summary>The OpenAPI 3.1 document of the service.</summary>
internal static class ApiDescription
{
    public static void AddApiDescription(this IHostApplicationBuilder builder, string service) =>
        builder.Services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            // Many features have a record called Request: alone that name would make one schema of them all.
            options.CreateSchemaReferenceId = static type => OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name
                ? type.Type.DeclaringType?.Name + name
                : null;
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = $"EventFly {service}", Version = "v1" };
                document.Servers = [];
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" },
                };
                return Task.CompletedTask;
            });
            // The framework calls every constructor parameter required; what is nullable may be left out here.
            options.AddSchemaTransformer((schema, context, _) =>
            {
                foreach (var property in context.JsonTypeInfo.Properties.Where(property => property is { IsRequired: false, IsGetNullable: true }))
                {
                    schema.Required?.Remove(property.Name);
                }

                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                var metadata = context.Description.ActionDescriptor.EndpointMetadata;
                if (!metadata.OfType<IAllowAnonymous>().Any())
                {
                    operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
                }

                if (metadata.OfType<Access>().LastOrDefault() is { } access)
                {
                    operation.Description = $"{operation.Description} May be called by: {access.To}.".Trim();
                }

                foreach (var header in metadata.OfType<TakesHeader>())
                {
                    operation.Parameters ??= [];
                    operation.Parameters.Add(new OpenApiParameter
                    {
                        Name = header.Name, In = ParameterLocation.Header, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    });
                }

                return Task.CompletedTask;
            });
        });

    public static void MapApiDescription(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
}
