const place = document.getElementById("swagger-ui");
SwaggerUIBundle({ domNode: place, url: place.dataset.specification, validatorUrl: null, deepLinking: true });
